import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { KINDS } from './topology.ts'

const STAND_INS = 'cluster/stand-ins'

/** @returns One sentence per process file that the topology does not run, or runs and nobody wrote. */
export function processFaults(root: string): string[] {
  const there = new Set([...roomsIn(root), STAND_INS].flatMap((folder) => processesIn(root, folder)))
  const run = new Set(Object.values(KINDS).flatMap((spec) => ('file' in spec.run ? [spec.run.file] : [])))
  return [
    ...[...there].filter((file) => !run.has(file)).map((file) => `${file} is a process that nothing runs`),
    ...[...run].filter((file) => !there.has(file)).map((file) => `${file} is run and does not exist`)
  ]
}

function roomsIn(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
}

function processesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('main.ts'))
    .map((file) => `${folder}/${file}`)
}
