import type { Claim } from './definitions.ts'
import type { Figure, Rank } from './judge.ts'

const SECOND_MS = 1_000
const PERCENT_DIGITS = 4

/** What was measured, in one line of the table that everybody reads. */
export function measuredText({ indicator, limit, target, every, windowMs }: Claim, figure: Omit<Figure, 'measured'>): string {
  const { total, good, bad, max, min } = figure
  const { measure } = indicator
  if (total === 0) return 'unmeasured'
  if (measure.measure === 'downtime') {
    const days = windowMs / (24 * 3_600 * SECOND_MS)
    return `${percentText(good / total)} with ${measure.faultsPerWindow} faults in ${days} d, each as long as the longest (${msText(max)})`
  }
  if (limit === undefined) return `${countText(bad)} bad in ${countText(total)} (fewer than ${boundText(figure.badShareMax)}, 95 % sure)`
  if (limit.op === 'gte') return `lowest ${min} in ${countText(total)}`
  const percent = Math.round(target * 100)
  const rank = every ? null : ({ 95: figure.p95, 99: figure.p99 } as Record<number, Rank>)[percent]
  return rank === null || rank === undefined
    ? `longest ${msText(max)} in ${countText(total)}`
    : `p${percent} ${msText(rank)} in ${countText(total)}`
}

/** What the bad ones that were seen, or that none was, say about those that were not. */
export function boundText(badShareMax: number | null): string {
  return badShareMax === null ? '–' : `${Number((badShareMax * 100).toPrecision(2))} %`
}

export function msText(ms: Rank): string {
  if (ms === null) return '–'
  if (ms === 'never') return 'never'
  if (ms < 100) return `${ms.toFixed(1)} ms`
  return ms < SECOND_MS ? `${ms.toFixed(0)} ms` : `${(ms / SECOND_MS).toFixed(2)} s`
}

/** Cut off, not rounded: what is not whole does not look whole. */
export function percentText(share: number): string {
  const factor = 10 ** PERCENT_DIGITS
  return `${Math.floor(share * 100 * factor + 1e-6) / factor} %`
}

export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function verdictText(verdict: Figure['verdict']): string {
  return { yes: '✓ yes', 'so far': '✓ so far', no: '✗ **no**', unmeasured: 'unmeasured' }[verdict]
}

/** A row of a Markdown table; what a cell says does not end it. */
export function row(...cells: Array<string | number>): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

/** Columns that begin with `>` are numbers. */
export function table(heads: string[], rows: string[]): string[] {
  return [
    row(...heads.map((head) => head.replace('>', ''))),
    `| ${heads.map((head) => (head.startsWith('>') ? '--:' : '---')).join(' | ')} |`,
    ...rows
  ]
}
