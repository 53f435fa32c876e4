import { failures } from '../../cluster/tap.ts'
import type { Result } from '../result.ts'
import type { Detector } from './mutant.ts'

/** What a detector came to. `otherwise`: it is red, and not by the check that it names, or it did not get so far as to judge. */
export interface Verdict {
  is: 'caught' | 'green' | 'otherwise'
  said: string
}

const SAID_CHARS_MAX = 300
const TAIL_LINES = 5

/**
 * Judges what a detector printed. Only the check that it names counts: a product
 * that does not start, or a fault that did not bite, is red and shows nothing.
 *
 * @param lines - Its whole output.
 */
export function verdictOf(detector: Detector, code: number | null, lines: string[]): Verdict {
  return 'scenario' in detector ? verdictOfScenario(detector.check, lines) : verdictOfTest(detector, code, lines)
}

function verdictOfScenario(check: string, lines: string[]): Verdict {
  const result = resultIn(lines)
  if (!result) return { is: 'otherwise', said: tailOf(lines) }
  if (result.notRun) return { is: 'otherwise', said: `not run: ${result.notRun}` }
  if (result.holds) return { is: 'green', said: '' }
  const red = result.violations.find((violation) => violation.includes(check))
  return red ? { is: 'caught', said: short(red) } : { is: 'otherwise', said: short(result.violations.join('; ')) }
}

/** The first failure counts: what comes behind it may come of it. */
function verdictOfTest({ check, says }: Extract<Detector, { test: string }>, code: number | null, lines: string[]): Verdict {
  const [first] = failures(lines)
  if (!first) return code === 0 ? { is: 'green', said: '' } : { is: 'otherwise', said: tailOf(lines) }
  const [name = '', ...diagnosis] = first.split('\n')
  const isNamed = name.includes(check) && (says === undefined || first.includes(says))
  return { is: isNamed ? 'caught' : 'otherwise', said: short(`${name.slice('not ok: '.length)} ${telling(diagnosis, says)}`) }
}

/** Of a diagnosis, the line that matters; else what was expected and what was found. */
function telling(diagnosis: string[], says: string | undefined): string {
  const lines = diagnosis.map((line) => line.trim())
  const line = says === undefined ? undefined : lines.find((one) => one.includes(says))
  return line?.replace(/^\+/, '') ?? lines.filter((one) => /^[-+](?![-+]{2} )/.test(one)).join(' ')
}

function resultIn(lines: string[]): Result | undefined {
  const last = lines.findLast((line) => line.startsWith('{'))
  try {
    return last === undefined ? undefined : (JSON.parse(last) as Result)
  } catch {
    return undefined
  }
}

function tailOf(lines: string[]): string {
  return short(`no verdict: ${lines.filter(Boolean).slice(-TAIL_LINES).join(' / ')}`)
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > SAID_CHARS_MAX ? `${line.slice(0, SAID_CHARS_MAX)}…` : line
}
