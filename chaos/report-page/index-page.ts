import type { Run } from '../one-run.ts'
import type { Result } from '../result.ts'
import { html, type Markup } from './html.ts'
import { shell } from './shell.ts'
import { VERDICTS, verdictOf, wrongIn } from './verdict-panel.ts'
import { count, counted, took } from './words.ts'

const SPARK_WIDTH = 128
const SPARK_HEIGHT = 24
const STEM_MAX = 5

/** @param results - Of every scenario, and where its own page is. */
export function indexPage(results: Array<{ result: Result; href: string }>): string {
  const of = (verdict: string) => results.filter(({ result }) => verdictOf(result) === verdict).length
  const [kept, broken, notRun] = [of('kept'), of('broken'), of('not-run')]
  const verdict = broken > 0 ? 'broken' : kept > 0 ? 'kept' : 'not-run'
  const said =
    broken > 0
      ? `${count(broken)} of ${counted(results.length, 'promise')} broken`
      : `${count(kept)} of ${counted(results.length, 'promise')} kept`
  const rest = [
    ...(broken > 0 ? [`${count(kept)} kept`] : []),
    ...(notRun > 0 ? [`${counted(notRun, 'scenario was', 'scenarios were')} not run, so neither kept nor broken`] : [])
  ]
  const longestMs = Math.max(1, ...results.map(({ result }) => result.rtoMs.max ?? 0))
  return shell(
    `${said}: chaos`,
    html`<header>
<p class="kicker">Chaos report · <b>all scenarios</b></p>
<h1>Faults were done to a shop that went on selling</h1>
<section class="verdict ${verdict}" aria-labelledby="verdict">
<h2 id="verdict"><span class="stamp" aria-hidden="true">${VERDICTS[verdict].sign}</span> ${said}</h2>
${rest.length > 0 && html`<p>${rest.join('; ')}.</p>`}</section></header>
<main><h2>Scenario by scenario</h2>
<div class="scroll" tabindex="0" role="region" aria-label="All scenarios"><table class="all">
<caption>The longest time without a success is drawn: of one run as a bar, all on one scale; of several as a stem for each, in order, up to the longest of their own row</caption>
<thead><tr><th scope="col">what was done</th><th scope="col">promise</th><th scope="col">runs</th><th scope="col">lost</th><th scope="col">sold twice</th><th scope="col">median</th><th scope="col">longest</th><th scope="col">without a success</th></tr></thead>
<tbody>
${results.toSorted((a, b) => rank(a.result) - rank(b.result)).map(({ result, href }) => rowOf(result, href, longestMs))}</tbody></table></div></main>`
  )
}

/** What is broken comes first. */
function rank(result: Result): number {
  return ['broken', 'not-run', 'kept'].indexOf(verdictOf(result))
}

/** @param longestMs - Of all on the page. */
function rowOf(result: Result, href: string, longestMs: number): Markup {
  const verdict = verdictOf(result)
  const { word, sign } = VERDICTS[verdict]
  const { scenario, what, promise, runs, lost, doubled, rtoMs } = result
  return html`<tr><th scope="row"><a href="${href}">${scenario}</a><small>${what}. Promised: ${promise}.</small></th><td class="mark ${verdict}">${sign} ${word}</td><td>${count(runs)}</td><td>${count(lost)}</td><td>${count(doubled)}</td><td>${took(rtoMs.p50)}</td><td>${took(rtoMs.max)}</td><td>${result.each.length === 1 ? bar(result, longestMs) : spark(result)}</td></tr>
`
}

function bar({ each, violations }: Result, longestMs: number): Markup {
  const run = each[0]!
  const width = Math.max(2, Math.round((run.gapMs / longestMs) * SPARK_WIDTH))
  const className = wrongIn(run, { violations }).length > 0 ? 'bad' : ''
  return html`<svg class="spark" role="img" viewBox="0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}" width="${SPARK_WIDTH}" height="${SPARK_HEIGHT}"><title>${took(run.gapMs)}</title>
<path class="${className}" stroke-width="10" d="M0 ${SPARK_HEIGHT / 2}h${width}"/></svg>`
}

function spark({ each, violations }: Result): Markup | false {
  if (each.length === 0) return false
  const longest = each.reduce((most, { gapMs }) => Math.max(most, gapMs), 1)
  const step = SPARK_WIDTH / each.length
  const stem = Math.round(Math.min(STEM_MAX, step * 0.7) * 10) / 10
  const stroke = ({ gapMs }: Run, i: number) =>
    `M${Math.round((i + 0.5) * step * 10) / 10} ${SPARK_HEIGHT}v${-Math.max(1, Math.round((gapMs / longest) * SPARK_HEIGHT))}`
  const path = (isBad: (run: Run) => boolean) => each.map((run, i) => (isBad(run) ? stroke(run, i) : '')).join('')
  const bad = (run: Run) => wrongIn(run, { violations }).length > 0
  return html`<svg class="spark" role="img" viewBox="0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}" width="${SPARK_WIDTH}" height="${SPARK_HEIGHT}" preserveAspectRatio="none"><title>${counted(each.length, 'run')}, longest ${took(longest)}</title>
<path stroke-width="${stem}" d="${path((run) => !bad(run))}"/><path class="bad" stroke-width="${stem}" d="${path(bad)}"/></svg>`
}
