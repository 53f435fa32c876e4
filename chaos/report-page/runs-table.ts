import type { Moment } from '../evidence.ts'
import type { Run } from '../one-run.ts'
import type { Result } from '../result.ts'
import { html, type Markup, type Piece } from './html.ts'
import { wrongIn } from './verdict-panel.ts'
import { count, counted } from './words.ts'

/** More runs than this are not read one by one: the worst are. */
const SHOWN_MAX = 20
/** Of one run; who says more is read in the timeline. */
const REMARKS_MAX = 8

/** Run by run: what was said meanwhile, and what it cost. */
export function runsTable(result: Result, timeline: Moment[]): Markup {
  const each = result.each.map((run) => ({ run, wrong: wrongIn(run, result) }))
  const said = Map.groupBy(
    timeline.filter(({ what }) => what === 'said'),
    ({ run }) => run
  )
  const shown =
    each.length > SHOWN_MAX
      ? each.toSorted((a, b) => b.wrong.length - a.wrong.length || b.run.gapMs - a.run.gapMs).slice(0, SHOWN_MAX)
      : each
  const caption = each.length > SHOWN_MAX ? `The ${SHOWN_MAX} worst of ${counted(each.length, 'run')}, worst first` : 'Every run, in order'
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="runs">
<caption>${caption}; times in ms${each.length > SHOWN_MAX && html`; all of them are in <a href="result.json">result.json</a>`}</caption>
<thead><tr><th scope="col">run</th><th scope="col">no success</th><th scope="col">no sale</th><th scope="col">whole after</th><th scope="col">longest answer</th><th scope="col">saw an error first</th><th scope="col">what was said</th></tr></thead>
<tbody>
${shown.map(({ run, wrong }) => rowOf(run, wrong, said.get(run.run) ?? []))}</tbody></table></div>`
}

function rowOf(run: Run, wrong: string[], said: Moment[]): Markup {
  const { gapMs, gapsMs, wholeMs, answerMsMax, sawErrors, came } = run
  const remarks = said.flatMap(({ text }) => text ?? [])
  const more = remarks.length - REMARKS_MAX
  const texts: Piece[] = [
    ...wrong.map((what) => html`<span class="wrong">✕ ${what}</span><br>`),
    remarks.slice(0, REMARKS_MAX).join('; '),
    more > 0 && `; and ${count(more)} more, in timeline.jsonl`
  ]
  return html`<tr${wrong.length > 0 && html` class="bad"`}><th scope="row">${run.run}</th><td>${count(gapMs)}</td><td>${gapsMs ? count(gapsMs.sale) : '–'}</td><td>${count(wholeMs)}</td><td>${count(answerMsMax)}</td><td>${count(sawErrors)} of ${count(came)}</td><td class="said">${texts}</td></tr>
`
}
