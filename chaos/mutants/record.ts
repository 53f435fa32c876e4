import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../cluster/instance.ts'
import type { Detector } from './mutant.ts'

const RECORD = join(ROOT, 'docs', 'mutants.json')
const PAGE = join(ROOT, 'docs', 'mutants.md')

/** What became of one mutant. */
export interface Outcome {
  mutant: string
  takenAway: string
  detector: string
  check: string
  /** The first seed at which the check was red; null: it was red at none. A file of tests has no seed, and is run as often. */
  seed: number | null
  said: string
  /** The same without the mutant. */
  control: 'green' | 'red' | 'not run'
  holds: boolean
  seconds: number
  date: string
  commit: string
  /** How many files differed from that commit. */
  uncommitted: number
}

export function nameOf(detector: Detector): string {
  return 'scenario' in detector ? `chaos ${detector.scenario}` : detector.test
}

export function checkOf(detector: Detector): string {
  const says = 'says' in detector ? `: ${detector.says}` : ''
  return `${detector.check.trim()}${says}`
}

export function readRecord(): Outcome[] {
  return existsSync(RECORD) ? (JSON.parse(readFileSync(RECORD, 'utf8')) as { mutants: Outcome[] }).mutants : []
}

/** Takes the place of what was known of the same mutants, and drops those that are no more. @param order - Every name. */
export function record(outcomes: Outcome[], order: string[]): void {
  const known = new Map([...readRecord(), ...outcomes].map((outcome) => [outcome.mutant, outcome]))
  const mutants = order.flatMap((name) => known.get(name) ?? [])
  writeFileSync(RECORD, `${JSON.stringify({ mutants }, null, 2)}\n`)
  writeFileSync(PAGE, pageOf(mutants, order))
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8')
}

/** docs/mutants.md. @param names - Of every mutant: those that were not tried yet are named, too. */
export function pageOf(outcomes: Outcome[], names: string[]): string {
  const untried = names.filter((name) => !outcomes.some(({ mutant }) => mutant === name))
  const rows = outcomes.map(({ mutant, takenAway, detector, check, seed, said, control, commit, date }) => [
    ...[`\`${mutant}\``, takenAway, `\`${detector}\``, check, seed ?? 'none', said, control, `${commit}, ${date.slice(0, 10)}`]
  ])
  return `${[
    '# Mutants',
    '',
    'A check that was never red proves little. Each line takes one thing away that the promises stand on, in a copy of the sources,',
    'and the detector must be red there by the check that is named, not by any other trouble. The control is the same detector with',
    'the same seed on an unchanged copy: it must be green, so that it was the mutant that made it red. A file of tests has no seed; it',
    'is run again instead. Made by `npm run mutants -- NAME --record` from docs/mutants.json; `npm run mutants -- list` tells all.',
    '',
    ...table(['mutant', 'what the product does then', 'detector', 'check', 'seed', 'what it said', 'control', 'as of'], rows),
    ...(untried.length > 0 ? ['', `Not tried yet: ${untried.map((name) => `\`${name}\``).join(', ')}.`] : [])
  ].join('\n')}\n`
}

function table(heads: string[], rows: Array<Array<string | number>>): string[] {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`)
}
