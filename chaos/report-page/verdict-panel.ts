import type { Run } from '../one-run.ts'
import type { Result } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { html, type Markup, type Piece } from './html.ts'
import { counted, percent } from './words.ts'

/** More could not be read; all of them are in result.json. */
const SHOWN_MAX = 40

export type Verdict = 'kept' | 'broken' | 'not-run'

/** The word and the sign, so that nobody needs the colour. */
export const VERDICTS: Record<Verdict, { word: string; sign: string }> = {
  kept: { word: 'Kept', sign: '✓' },
  broken: { word: 'Broken', sign: '✕' },
  'not-run': { word: 'Not run', sign: '–' }
}

export function verdictOf({ holds, notRun }: Pick<Result, 'holds' | 'notRun'>): Verdict {
  if (notRun !== undefined) return 'not-run'
  return holds ? 'kept' : 'broken'
}

/** What was found of one run. */
export function wrongIn({ run, trouble }: Run, { violations }: Pick<Result, 'violations'>): string[] {
  const prefix = `run ${run}: `
  return [...new Set([...violations.filter((what) => what.startsWith(prefix)).map((what) => what.slice(prefix.length)), ...trouble])]
}

/** Whether what was promised was kept; when it was not, everything that was found. */
export function verdictPanel(result: Result, exempt: Scenario['exempt'] = []): Markup {
  const verdict = verdictOf(result)
  const { word, sign } = VERDICTS[verdict]
  return html`<section class="verdict ${verdict}" aria-labelledby="verdict">
<h2 id="verdict"><span class="stamp" aria-hidden="true">${sign}</span> ${word}</h2>
<p>${SENTENCES[verdict](result)}</p>
${violationList(result)}${
  exempt.length > 0 &&
  html`<p>Not looked at, because the fault makes it meaningless: ${exempt.join(', ')}.</p>
`
}</section>`
}

const SENTENCES: Record<Verdict, (result: Result) => Piece> = {
  kept: ({ runs, badRunsShareMax }) => [
    `In ${runs === 1 ? 'the only run' : `every one of ${counted(runs, 'run')}`}, and in the books at the end. `,
    badRunsShareMax === null || badRunsShareMax >= 1
      ? 'So few runs do not say how rare a bad one would be.'
      : `With no bad run among ${runs}, fewer than ${percent(badRunsShareMax)} are bad (95 % confidence).`
  ],
  broken: ({ violations, runs }) =>
    violations.length > 0
      ? `${counted(violations.length, 'violation')} in ${counted(runs, 'run')}:`
      : `The series ended early, after ${counted(runs, 'run')}.`,
  'not-run': ({ notRun }) => `Nobody looked, so this is neither kept nor broken: ${notRun}`
}

function violationList({ violations }: Result): Markup | false {
  if (violations.length === 0) return false
  const more = violations.length - SHOWN_MAX
  return html`<ul class="violations">
${violations.slice(0, SHOWN_MAX).map(
  (what) => html`<li>${what}</li>
`
)}${more > 0 && html`<li>and ${counted(more, 'more', 'more')}, in <a href="result.json">result.json</a></li>`}</ul>
`
}
