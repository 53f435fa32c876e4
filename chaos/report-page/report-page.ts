import type { Evidence } from '../evidence.ts'
import type { Result } from '../result.ts'
import { answersIn } from './answers.ts'
import { coverageTable } from './coverage.ts'
import { documentsOf } from './documents.ts'
import { frameOf, spansIn } from './frame.ts'
import { gapsOf, type Promised } from './gaps.ts'
import { html, type Markup } from './html.ts'
import { latencyOf } from './latency.ts'
import { livedThrough } from './lived.ts'
import { method } from './method.ts'
import { runsTable } from './runs-table.ts'
import { shell } from './shell.ts'
import { throughputOf } from './throughput.ts'
import { VERDICTS, verdictOf, verdictPanel } from './verdict-panel.ts'
import { counted } from './words.ts'

/**
 * A series for somebody who was not there, in one file that loads nothing and
 * runs nothing. The same evidence gives the same page.
 *
 * @param promised - The scenario, for what is only there: its limits, and what was not looked at.
 */
export function reportPage(evidence: Evidence, promised: Promised = {}): string {
  const { result, timeline } = evidence
  const { word } = VERDICTS[verdictOf(result)]
  return shell(
    `${word}: ${result.scenario}`,
    html`<header>
<p class="kicker">Chaos report · <b>${result.scenario}</b> · seed ${result.seed} · ${counted(result.runs, 'run')}${when(result)}</p>
<h1>${result.what}</h1>
<p class="promise"><b>Promised:</b> ${result.promise}.</p>
${verdictPanel(result, promised.exempt)}</header>
<main>
${
  result.each.length > 0 &&
  html`<h2>What buyers lived through</h2>
${livedThrough(result, promised)}
${pictures(evidence, promised)}<h2>Run by run</h2>
${runsTable(result, timeline)}
<h2>What had to happen</h2>
<p>A fault that does not bite shows nothing. So each run has to see its fault do what it was meant to, and fails if it does not.</p>
${coverageTable(result)}
`
}<h2>How it was measured</h2>
${method(result)}
</main>`
  )
}

function pictures(evidence: Evidence, promised: Promised): Markup {
  const { result, history } = evidence
  const spans = spansIn(evidence)
  const frame = frameOf(spans, [])
  const answers = answersIn(history)
  const documents = documentsOf(evidence, spans)
  return html`<h2>What it looked like</h2>
${frame && throughputOf(frame, history, answers, result)}
${gapsOf(result, promised)}
${frame && latencyOf(frame, answers, result)}
${
  documents &&
  html`<h2>What became of the documents</h2>
${documents}
`
}`
}

function when({ made }: Result): string {
  return ` · ${made.beganAt.slice(0, 10)}`
}
