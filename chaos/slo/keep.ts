import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { EVIDENCE, PAGE } from '../evidence.ts'
import type { Result } from '../result.ts'
import { EVIDENCE_FOLDER } from './manifest.ts'

const RAW = [EVIDENCE.history, EVIDENCE.timeline, EVIDENCE.papers]
const AS_THEY_ARE = [EVIDENCE.result, PAGE]
const NAME = /^[a-z0-9-]+$/
/** A repository is no store of logs: what is larger belongs elsewhere, by its sha256. */
const FILE_BYTES_MAX = 32 * 1024 * 1024

/**
 * Copies a series into the repository, its raw files compressed so that the
 * same bytes give the same file. A series that broke its promise is kept like any other.
 *
 * @returns The name under which it is kept.
 * @throws Error naming why it proves nothing.
 */
export function keepBundle(root: string, directory: string): string {
  const result = JSON.parse(readFileSync(join(directory, EVIDENCE.result), 'utf8')) as Result
  const name = `${result.scenario}-${result.seed}`
  if (!NAME.test(name)) throw new Error(`${name} is no name of a series`)
  const lack = lackOf(directory, result)
  if (lack) throw new Error(`${name} is not kept: ${lack}`)
  const target = join(root, EVIDENCE_FOLDER, name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const file of RAW) writeFileSync(join(target, `${file}.gz`), compressed(readFileSync(join(directory, file)), `${name}/${file}`))
  for (const file of AS_THEY_ARE) cpSync(join(directory, file), join(target, file))
  return name
}

function lackOf(directory: string, { notRun, made }: Partial<Result>): string | undefined {
  if (notRun !== undefined) return `it was not run (${notRun})`
  if (!made?.commit) return 'nobody knows what code it was made from'
  if (!made.clean) return `it was made from code that is not ${made.commit}`
  const missing = [...RAW, ...AS_THEY_ARE].filter((file) => !existsSync(join(directory, file)))
  return missing.length > 0 ? `it has no ${missing.join(', ')}` : undefined
}

/** The header of gzip has a time and a system: Node writes no time, and the system is made the same everywhere. */
function compressed(bytes: Buffer, name: string): Buffer {
  const gz = gzipSync(bytes, { level: 9 })
  gz[SYSTEM_BYTE] = SYSTEM_UNKNOWN
  if (gz.length > FILE_BYTES_MAX) throw new Error(`${name} has ${gz.length} bytes even compressed, at most ${FILE_BYTES_MAX} are kept`)
  return gz
}

/** RFC 1952, section 2.3: OS. */
const SYSTEM_BYTE = 9
const SYSTEM_UNKNOWN = 255
