import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** The places where a crash tells most: between two things that no transaction holds together. */
const CRASH_POINTS = [
  'relay-claimed', // nothing is published yet
  'relay-published', // taken by the broker, not marked
  'relay-marked',
  'issue-before-commit',
  'issue-committed', // not acknowledged
  'deliver-accepted', // by the mail server, not written down
  'failover-preparing', // orders to prepare are about to go out
  'failover-prepared', // two nodes have answered, and nobody was told to reign
  'failover-promoting', // the order is on its way
  'failover-promoted', // carried out, and the first commit is not made
  'failover-gating' // the first commit is on its way
] as const

type CrashPoint = (typeof CRASH_POINTS)[number]

const FILE = process.env.CRASH_POINTS_FILE // outside the settings of any process: nothing that sells knows of it

/**
 * The process dies here, as if it lost its power, when the file that the
 * environment names lists this place: one name per line. The line is taken away
 * first, so that each line is one death, of whichever process gets here first.
 * Without such a file it does nothing.
 */
export function crashPoint(name: CrashPoint): void {
  if (FILE !== undefined && takeLine(FILE, name)) process.kill(process.pid, 'SIGKILL')
}

/** @returns Whether the line was there, and this process is the one that took it. */
function takeLine(file: string, name: string): boolean {
  const mine = `${file}.${process.pid}`
  if (!linesOf(file).includes(name) || !moved(file, mine)) return false
  const lines = linesOf(mine) // read again: this time nobody else has it
  const at = lines.indexOf(name)
  if (at !== -1) writeFileSync(mine, lines.toSpliced(at, 1).join('\n'))
  return moved(mine, file) && at !== -1
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return [] // another process is taking its line
  }
}

/** Of two that move one file, one fails. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    return false
  }
}
