import { basename, dirname } from 'node:path'
import type { Made } from '../made.ts'
import type { Result } from '../result.ts'
import { html, type Markup } from './html.ts'
import { counted, gibibytes } from './words.ts'

/** One sentence each, in the order of the page. */
const DEFINITIONS: Array<[string, string]> = [
  [
    'kept',
    'Every run did what it was meant to and stayed within its limits, and no check of the history, the books and the papers found anything; docs/chaos.md lists the checks.'
  ],
  [
    'success',
    'A hold or a sale at the box office that was answered with «yes», counted when the answer comes; being told again what one knows is none.'
  ],
  [
    'longest time without a success',
    'The longest time between two successes of anybody that touches the time from the fault to a second after everything is whole.'
  ],
  [
    'longest time without a sale',
    'The same between two sales, whatever was held meanwhile; its limit is longer by the time in which no sale is asked for.'
  ],
  ['in calm', 'The same in the last second before the fault.'],
  [
    'whole',
    'A primary past its gate, its standbys streaming, every process healthy and nothing waiting in the outbox; counted from the end of the healing.'
  ],
  ['longest answer', 'From a command to whatever its buyer was told first, over all who came between the fault and the end of the run.'],
  ['until known', 'From a command to its first «yes» or «no», over the same buyers and however often they had to ask.'],
  ['lost', 'Somebody was told «yes», and what they were told is not in the books.'],
  ['sold twice', 'A seat is in two orders, or two buyers were told that it is theirs.'],
  ['phantom', 'An order is in the books that nobody asked for, or that was refused.'],
  ['never known', 'A command whose buyer asked until they gave up and was told neither «yes» nor «no».'],
  ['documents', 'From the moment of the sale to the moment at which a step had taken effect, both by the clocks of the databases.']
]

const LIMITS = [
  'All components run on one machine with one disk: killing a process is not a power cut, and the network between them is fast.',
  'The load is made by a program, at fixed times whatever it is answered, and is lighter than the day on which a famous show goes on sale.',
  'All times of buyers are read from one clock that nobody sets; the clocks of the databases are the same machine’s.',
  'A series shows what it met. No bad run among N says that fewer than 3 in N are bad, with 95 % confidence; it does not say that there are none.',
  'Below a hundred values there is no 99th percentile, only a longest.'
]

/** How it was measured, so that somebody else can do it again and can object. */
export function method(result: Result): Markup {
  const { runs, load, secondsPerRun, made } = result
  const perSecond = `${load.holdsPerSecond} holds, ${load.salesPerSecond} sales, ${load.purchasesPerSecond} whole purchases, ${load.readsPerSecond} looks at documents, ${load.pagesPerSecond} pages`
  return html`<div class="scroll"><table class="made"><caption>What was measured, on what</caption><tbody>
${fact('Again', html`<code>${commandFor(result)}</code>`)}${fact('Load, each second', perSecond)}${fact('Length', `${counted(runs, 'run')} of ${secondsPerRun} s each`)}${madeRows(made)}${fact(
  'Evidence',
  html`<a href="result.json">result.json</a> beside this page; <code>history.jsonl</code> (what buyers asked and were told), <code>timeline.jsonl</code> (what was done) and <code>papers.jsonl</code> (documents): every figure can be reckoned again from them.`
)}</tbody></table></div>
<h3>What the words mean</h3>
<dl class="words">
${DEFINITIONS.map(
  ([name, meaning]) => html`<dt>${name}</dt><dd>${meaning}</dd>
`
)}</dl>
<h3>What this does not show</h3>
<ul>
${LIMITS.map(
  (limit) => html`<li>${limit}</li>
`
)}</ul>`
}

function madeRows({ commit, clean, node, cpus, memoryBytes, kernel, beganAt, endedAt }: Made): Markup {
  return html`${fact('Commit', html`<code>${commit === '' ? 'unknown' : commit}</code>${!clean && ' with changes that are not in it'}`)}${fact('Machine', `${counted(cpus, 'processor')}, ${gibibytes(memoryBytes)} of memory, kernel ${kernel}, Node ${node}`)}${fact('When', `${beganAt} to ${endedAt}`)}`
}

/** What was done together with all others is done again with all others: they met in one shop, in an order by the seed. */
function commandFor({ scenario, seed, runs, evidence }: Result): string {
  const together = basename(dirname(evidence)) === `all-${seed}`
  return `npm run chaos -- ${together ? 'all' : scenario} --seed ${seed} --runs ${Math.max(1, runs)}`
}

function fact(name: string, value: Markup | string): Markup {
  return html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`
}
