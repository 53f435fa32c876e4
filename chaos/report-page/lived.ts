import type { Violation } from '../checks.ts'
import { type Spread, spreadOf } from '../figures.ts'
import type { Op } from '../history.ts'
import type { Result } from '../result.ts'
import type { Promised } from './gaps.ts'
import { html, type Markup, type Piece } from './html.ts'
import { count, counted, DONE, tick, took } from './words.ts'

interface Row {
  name: string
  spread: Spread
  limitMs?: number | false | undefined
}

/** What buyers lived through, in figures. */
export function livedThrough(result: Result, promised: Promised): Markup {
  const { acknowledged, lost, doubled, phantoms, unknown } = result
  const unlooked = (check: Violation['check']) => promised.exempt?.includes(check)
  return html`<dl class="tiles">
${tile('acknowledged', count(acknowledged))}${zero('lost', lost, unlooked('lost'))}${zero('sold twice', doubled, unlooked('doubled'))}${zero('phantoms', phantoms, unlooked('phantom'))}${zero('never known', unknown)}</dl>
${durations(result, promised)}
${ownFigures(result)}${answered(result)}`
}

function answered({ outcomes: { ok, refused, unknown }, errorsSeenByBuyers }: Result): Markup | false {
  if (ok + refused + unknown === 0) return false
  return html`<p>${counted(refused, 'command was', 'commands were')} refused, as a rule said. ${errorsSeenByBuyers === 0 ? 'Nobody' : counted(errorsSeenByBuyers, 'buyer')} saw an error first, or nothing${errorsSeenByBuyers > 0 && ', and did not know until they asked again under the same id'}.</p>`
}

/** What must be nothing; where nobody looked, nothing is no figure. */
function zero(name: string, value: number, isUnlooked = false): Markup {
  if (isUnlooked) return tile(name, html`<span class="unlooked">not checked</span>`)
  return value > 0 ? tile(name, html`${count(value)}<span class="sign-bad"> ✕</span>`, 'tile bad') : tile(name, '0')
}

function tile(name: string, value: Piece, kind = 'tile'): Markup {
  return html`<div class="${kind}"><dt>${name}</dt><dd>${value}</dd></div>
`
}

function durations({ each, ...result }: Result, { gapMsMax, pageGapMsMax, unnoticed, wholeMsMax }: Promised): Markup | false {
  if (each.length === 0) return false
  const pages = each.flatMap(({ pageGapMs }) => pageGapMs ?? [])
  const own = each.every((run) => run.own !== null)
  const rows: Row[] = [
    { name: 'Nobody succeeded, with the fault', spread: result.rtoMs, limitMs: gapMsMax },
    ...(own ? [] : [{ name: 'Nobody succeeded, in calm', spread: result.calmGapMs }]),
    ...(own ? [] : [{ name: 'Nothing was sold, with the fault', spread: result.saleGapMs }]),
    ...(pages.length > 0 ? [{ name: 'No page was shown, with the fault', spread: spreadOf(pages), limitMs: pageGapMsMax }] : []),
    { name: 'Until everything was as before, from the healing on', spread: result.wholeMs, limitMs: wholeMsMax },
    ...waits(result),
    ...(own
      ? []
      : [
          {
            name: 'The longest answer at the box office, with the fault',
            spread: longest(result.answerMsMax),
            limitMs: unnoticed && gapMsMax
          }
        ]),
    ...(own ? [] : [{ name: 'The longest until somebody at the box office knew', spread: longest(result.knownMsMax) }])
  ]
  const shown = { p99: rows.some(({ spread }) => spread.p99 !== null), limit: rows.some(({ limitMs }) => typeof limitMs === 'number') }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="How long"><table>
<caption>How long, over ${counted(each.length, 'run')}</caption>
<thead><tr><th scope="col"></th><th scope="col">median</th>${shown.p99 && html`<th scope="col">p99</th>`}<th scope="col">longest</th>${shown.limit && html`<th scope="col">promised</th>`}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row, shown))}</tbody></table></div>`
}

/** From the question to the first answer, over the whole series. */
function waits({ waitedMs }: Pick<Result, 'waitedMs'>): Row[] {
  return (Object.entries(waitedMs) as Array<[Op, Spread]>).map(([op, spread]) => ({ name: `${DONE[op]}: to the first answer`, spread }))
}

function longest(max: number): Spread {
  return { p50: null, p99: null, max }
}

function rowOf({ name, spread: { p50, p99, max }, limitMs }: Row, shown: Record<'p99' | 'limit', boolean>): Markup {
  const promised = typeof limitMs !== 'number' ? '' : `≤ ${tick(limitMs)}`
  return html`<tr><th scope="row">${name}</th><td>${took(p50)}</td>${shown.p99 && html`<td>${took(p99)}</td>`}<td>${took(max)}</td>${shown.limit && html`<td>${promised}</td>`}</tr>
`
}

/** What a scenario measured beside all that, in its own words. */
function ownFigures({ each }: Result): Markup | false {
  const figures = Map.groupBy(
    each.flatMap((run) => Object.entries(run.figures)),
    ([what]) => what
  )
  if (figures.size === 0) return false
  return html`<div class="scroll"><table>
<caption>What the scenario measured beside that</caption>
<thead><tr><th scope="col"></th><th scope="col">median</th><th scope="col">most</th></tr></thead>
<tbody>
${[...figures].map(([what, all]) => {
  const { p50, max } = spreadOf(all.map(([, value]) => value))
  return html`<tr><th scope="row">${what}</th><td>${p50}</td><td>${max}</td></tr>
`
})}</tbody></table></div>
`
}
