import { betweenMsMax } from '../load/load.ts'
import type { Result } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { figure, sign } from './figure.ts'
import { html, type Markup } from './html.ts'
import { type Strip, spacedNote, strips } from './strips.ts'
import { counted, tick, took } from './words.ts'

/** What a scenario promises in figures, and which checks show nothing of it; without the figures no limit is drawn. */
export type Promised = Pick<Scenario, 'gapMsMax' | 'pageGapMsMax' | 'unnoticed' | 'wholeMsMax' | 'exempt'>

/** The longest time without a success of every run, beside the same in calm and what was promised. */
export function gapsOf({ each, load, rtoMs, calmGapMs }: Result, { gapMsMax, pageGapMsMax }: Promised): Markup | false {
  if (each.length === 0) return false
  const sales = each.flatMap(({ gapsMs }) => gapsMs?.sale ?? [])
  const calm = each.flatMap(({ calmGapMs }) => calmGapMs ?? [])
  const pages = each.flatMap(({ pageGapMs }) => pageGapMs ?? [])
  const saleLimitMs = gapMsMax === undefined ? undefined : Math.round(gapMsMax + betweenMsMax(load.salesPerSecond))
  const rows: Strip[] = [
    { name: 'Without any success', valuesMs: each.map(({ gapMs }) => gapMs), limitMs: gapMsMax },
    ...(sales.length > 0 ? [{ name: 'Without a sale', valuesMs: sales, limitMs: saleLimitMs }] : []),
    ...(pages.length > 0 ? [{ name: 'Without a page of the catalogue', valuesMs: pages, limitMs: pageGapMsMax }] : []),
    ...(calm.length > 0 ? [{ name: 'In calm, without any success', valuesMs: calm, kind: 'plain' as const }] : [])
  ]
  const cost = `The longest time without a success was ${took(rtoMs.max)} with the fault`
  return figure({
    finding: calmGapMs.max === null ? `${cost}.` : `${cost}, and ${took(calmGapMs.max)} in the calm before it.`,
    legend: html`One dot for each of ${counted(each.length, 'run')}: the longest time between two successes. ${sign('median', each.length < 100 ? 'median' : 'median and 99th percentile')}
${gapMsMax !== undefined && sign('limit', 'promised')}`,
    body: strips(
      {
        name: 'gaps',
        title: 'The longest time without a success in each run',
        description: `Median ${took(rtoMs.p50)}, longest ${took(rtoMs.max)}${gapMsMax === undefined ? '' : `, promised at most ${tick(gapMsMax)}`}.`,
        powers: false
      },
      rows
    ),
    note: spacedNote(rows)
  })
}
