import type { Found } from './given-election-search.ts'

export type Explored = Pick<Found, 'states' | 'transitions' | 'seconds' | 'violation'> & { name: string }

/** docs/failover-exploration.md */
export function pageOf(explored: Explored[], broken: Explored[]): string {
  return `${[
    '# The election, explored',
    '',
    'Made by `orchestrator/failover-exploration.test.ts` (`UPDATE_DOCS=1`; `EXPLORE=large` for more; `TRACES=1` prints every trace).',
    "It runs the product's own `decide` and `noted` and the node's own rules (`db/postgres-node/rules.ts`) in a model of three nodes,",
    'through every order in which the things allowed to happen can happen: crashes and returns, freezes, orders that are late, lost or',
    'repeated, answers that are lost, agents that end within an order, controllers that forget, look away or suspect wrongly, sales,',
    'and replication entry by entry. Time is not counted: at every look all limits may have passed, or none.',
    '',
    'Checked at every step: no acknowledged commit is missing from a new primary or from the one that clients find; no reign',
    'acknowledges beside a later one; promises do not go down; one promotion in a term, by two prepared nodes; who follows has nothing',
    'that its primary has not; a first commit is made in its own reign. From a sample of all worlds: once nothing breaks any more,',
    'clients find a primary that commits, with two nodes of three.',
    '',
    'Rewritten for the model, not executed: what the agents do with PostgreSQL (kill, detach, copy, commit).',
    '',
    'No violation:',
    '',
    ...table(
      ['what may happen', 'states', 'steps', 'processor s'],
      explored.map((row) => [row.name, row.states, row.transitions, row.seconds.toFixed(1)])
    ),
    '',
    'With one rule broken at a time, the shortest way to a violation (the search goes by the number of steps):',
    '',
    ...table(
      ['broken', 'states', 'steps to it', 'what is found'],
      broken.map(({ name, states, violation }) => [
        name,
        states,
        violation?.trace.length ?? '-',
        violation?.what ?? 'nothing: another rule covers it'
      ])
    )
  ].join('\n')}\n`
}

/** Step by step, how each broken rule shows. */
export function tracesOf(broken: Explored[]): string {
  return broken
    .flatMap(({ name, violation }) =>
      violation ? [`${name}:`, ...violation.trace.map((step, at) => `  ${at + 1}. ${step}`), `  => ${violation.what}`] : []
    )
    .join('\n')
}

function table(heads: string[], rows: Array<Array<string | number>>): string[] {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
}
