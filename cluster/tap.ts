/** What a run of tests came to. */
export interface Totals {
  passed: number
  failed: number
  skipped: number
  todo: number
}

const DIAGNOSIS_LINES_MAX = 40
const TOTALS = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?(?:, todo: (\d+))?(?:, skip: (\d+))? \}$/

/** Reads tap's own count, which comes last. No count means that tap did not get that far. */
export function totalsIn(lines: string[]): Totals {
  const found = lines.map((line) => TOTALS.exec(line)).findLast((match) => match !== null)
  if (!found) throw new Error('the test runner ended without a count')
  const [, , passed = 0, failed = 0, todo = 0, skipped = 0] = found.map(Number).map((count) => count || 0)
  return { passed, failed, skipped, todo }
}

/** The last line of `npm test`. No test at all is a failure, and reads like one. */
export function closingLine({ passed, failed, skipped, todo }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}${todo > 0 ? `, ${todo} to do` : ''}`
}

/**
 * Picks out of a whole TAP stream what a person must read: each failed
 * assertion under the names of its file and its tests, with its diagnosis. A
 * test or a file is named itself only when no assertion in it failed: it crashed.
 */
export function failures(lines: string[]): string[] {
  const shown: string[] = []
  const open: Array<{ name: string; shownBefore: number }> = []
  for (const [at, line] of lines.entries()) {
    const depth = Math.floor((line.length - line.trimStart().length) / 4)
    const subtest = /^ *# Subtest: (.*)$/.exec(line)
    if (subtest) {
      open.length = Math.min(open.length, depth)
      open[depth] = { name: subtest[1]!, shownBefore: shown.length }
    }
    const failed = /^ *not ok \d+ - ?(.*?)( # time=.*)?$/.exec(line)
    if (!failed || /# (TODO|SKIP)/i.test(line)) continue
    const endsSubtest = failed[2] !== undefined
    if (endsSubtest && open[depth] && shown.length > open[depth].shownBefore) continue
    const path = open.slice(0, depth).map(({ name }) => name)
    shown.push([`not ok: ${[...path, failed[1]].join(' > ')}`, ...diagnosisAfter(lines, at)].join('\n'))
  }
  return shown
}

/** The YAML block that may follow a result, without the source lines around it. */
function diagnosisAfter(lines: string[], at: number): string[] {
  const first = lines[at + 1] ?? ''
  if (first.trim() !== '---') return []
  const margin = first.indexOf('---')
  const end = lines.indexOf(`${' '.repeat(margin)}...`, at)
  let key = ''
  return lines
    .slice(at + 2, end)
    .map((line) => line.slice(margin))
    .filter((line) => {
      key = /^([a-zA-Z]+):/.exec(line)?.[1] ?? key
      return key !== 'source'
    })
    .slice(0, DIAGNOSIS_LINES_MAX)
    .map((line) => `  ${line}`)
}
