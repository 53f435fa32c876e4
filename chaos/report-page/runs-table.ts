import type { Moment } from '../evidence.ts'
import type { Run } from '../one-run.ts'
import type { Result } from '../result.ts'
import { html, type Markup, type Piece } from './html.ts'
import { count, counted } from './words.ts'

/** More runs than this are not read one by one: the worst are. */
const SHOWN_MAX = 20

/** Run by run: what was said meanwhile, and what it cost. */
export function runsTable({ each }: Result, timeline: Moment[]): Markup {
  const said = Map.groupBy(
    timeline.filter(({ what }) => what === 'said'),
    ({ run }) => run
  )
  const shown = each.length > SHOWN_MAX ? each.toSorted((a, b) => badness(b) - badness(a) || b.gapMs - a.gapMs).slice(0, SHOWN_MAX) : each
  const caption = each.length > SHOWN_MAX ? `The ${SHOWN_MAX} worst of ${counted(each.length, 'run')}, worst first` : 'Every run, in order'
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="runs">
<caption>${caption}; times in ms${each.length > SHOWN_MAX && html`; all of them are in <a href="result.json">result.json</a>`}</caption>
<thead><tr><th scope="col">run</th><th scope="col">no success</th><th scope="col">no sale</th><th scope="col">whole after</th><th scope="col">longest answer</th><th scope="col">saw an error first</th><th scope="col">what was said</th></tr></thead>
<tbody>
${shown.map((run) => rowOf(run, said.get(run.run) ?? []))}</tbody></table></div>`
}

function rowOf(run: Run, said: Moment[]): Markup {
  const { gapMs, gapsMs, wholeMs, answerMsMax, sawErrors, came, missed, trouble } = run
  const wrong = [...missed.map((what) => `not true that ${what}`), ...trouble]
  const texts: Piece[] = [
    ...wrong.map((what) => html`<span class="wrong">✕ ${what}</span><br>`),
    said.flatMap(({ text }) => text ?? []).join('; ')
  ]
  return html`<tr${wrong.length > 0 && html` class="bad"`}><th scope="row">${run.run}</th><td>${count(gapMs)}</td><td>${gapsMs ? count(gapsMs.sale) : '–'}</td><td>${count(wholeMs)}</td><td>${count(answerMsMax)}</td><td>${count(sawErrors)} of ${count(came)}</td><td class="said">${texts}</td></tr>
`
}

function badness({ missed, trouble }: Run): number {
  return missed.length + trouble.length
}
