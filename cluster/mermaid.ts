import { CONNECTORS, type Kind, TIERS, type Via } from './rules.ts'
import { KINDS } from './topology.ts'

const BEGIN = '<!-- diagram:begin'
const END = '<!-- diagram:end -->'

/** How a line looks: what a buyer waits for is drawn through, what only reads is dotted, what goes by queue is thick. */
const ARROWS: Record<Via, string> = {
  http: '-->',
  'postgres-write': '-->',
  'mariadb-write': '-->',
  'postgres-read': '-.->',
  'mariadb-read': '-.->',
  amqp: '==>',
  smtp: '-->'
}
const STORES: ReadonlySet<string> = new Set(['seats', 'papers', 'queues'])
/** Who runs once, and what is only the broker's own need, would hide the rest. */
const LEFT_OUT: ReadonlySet<Kind> = new Set(['migrate', 'epmd'])

/** The text of ARCHITECTURE.md with the diagram that the topology gives. */
export function withDiagram(text: string): string {
  const begin = text.indexOf('\n', text.indexOf(BEGIN)) + 1
  const end = text.indexOf(END)
  if (begin === 0 || end < begin) throw new Error(`ARCHITECTURE.md has lost its marks ${BEGIN} ... ${END}`)
  return `${text.slice(0, begin)}\n${diagram()}\n${text.slice(end)}`
}

function diagram(): string {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => !LEFT_OUT.has(kind))
  const lines = CONNECTORS.filter(({ from, to }) => kinds.includes(from) && kinds.includes(to))
  return [
    '```mermaid',
    'flowchart LR',
    '  buyer([buyer]) --> gateway',
    ...kinds.map((kind) => `  ${kind}${shape(kind)}`),
    ...lines.map(({ from, via, to }) => `  ${from} ${ARROWS[via]}|${via}| ${to}`),
    '```',
    ''
  ].join('\n')
}

function shape(kind: Kind): string {
  const names = Object.keys(KINDS[kind].instances)
  const text = names.length === 1 ? names[0] : `${kind}<br/>${names.join(', ')}`
  if (STORES.has(TIERS[kind])) return `[("${text}")]`
  return TIERS[kind] === 'world' ? `[/"${text}"/]` : `["${text}"]`
}
