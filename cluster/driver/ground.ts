import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HOME, ROOT } from '../instance.ts'
import { ensureSecrets } from '../secrets.ts'
import type { Ground } from '../topology.ts'
import { postgresBinOf, postgresMajors } from './host.ts'
import { COMPILED } from './launch.ts'

/** Counts up when the layout of an instance's directory changes so that an older version would misread it. */
const FORMAT = 1
const HOME_WHEN_LOCKED_OUT = '/var/lib/ticketflow'
const OTHERS_MAY_ENTER = 0o001

/**
 * Makes the ground that an instance stands on: its directory, its secrets, the
 * PostgreSQL that made its data.
 *
 * @throws Error in words for a person, when what lies there cannot be used.
 */
export async function prepareGround(directory: string, instance: number): Promise<Ground> {
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, 0o755) // servers enter it as users of their own; what is secret is closed by itself
  checkFormat(directory)
  const postgresBin = postgresFor(directory)
  const secrets = await ensureSecrets(directory)
  for (const folder of ['data', 'logs', COMPILED]) mkdirSync(join(directory, folder), { recursive: true })
  return { instance, directory, secrets, postgresBin }
}

/** Databases run as users of their own, who may not be able to enter, say, /root: then the data lies elsewhere. */
export function makeHome(): void {
  if (existsSync(HOME)) return
  if (process.getuid?.() !== 0 || othersMayEnter(ROOT)) {
    mkdirSync(HOME)
    return
  }
  const home = join(HOME_WHEN_LOCKED_OUT, createHash('sha256').update(ROOT).digest('hex').slice(0, 8))
  mkdirSync(home, { recursive: true })
  symlinkSync(home, HOME)
}

function othersMayEnter(path: string): boolean {
  if ((statSync(path).mode & OTHERS_MAY_ENTER) === 0) return false
  return dirname(path) === path || othersMayEnter(dirname(path))
}

function checkFormat(directory: string): void {
  const path = join(directory, 'format')
  if (!existsSync(path)) {
    if (existsSync(join(directory, 'data'))) throw new Error(`${directory} holds data that is not ours: move it away`)
    writeFileSync(path, `${FORMAT}\n`)
  }
  const format = Number(readFileSync(path, 'utf8'))
  if (format > FORMAT) {
    throw new Error(
      `${directory} was made by a newer version (format ${format}; this one knows ${FORMAT}): update this checkout, or move the directory away`
    )
  }
}

/** A data directory can only be run by the major that made it. */
function postgresFor(directory: string): string {
  const majors = postgresMajors()
  if (majors.length === 0) throw new Error('PostgreSQL is not on this machine: apt-get install postgresql')
  const made = [...new Set(filesNamed('PG_VERSION', join(directory, 'data')).map((path) => Number(readFileSync(path, 'utf8'))))]
  const strange = made.find((major) => !majors.includes(major))
  if (strange !== undefined) {
    throw new Error(
      `the data in ${directory} was made by PostgreSQL ${strange}, and this machine has ${majors.join(', ')}: ` +
        `apt-get install postgresql-${strange}, or move the directory away to begin anew`
    )
  }
  return postgresBinOf(made[0] ?? majors[0]!)
}

/** Two levels down is where a node's data directories are. */
function filesNamed(name: string, data: string): string[] {
  return foldersIn(data)
    .flatMap((node) => [node, ...foldersIn(node)])
    .map((folder) => join(folder, name))
    .filter((path) => existsSync(path))
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
}
