/** Every kind of component, and the tier it belongs to. Rules are made between tiers. */
export const TIERS = {
  gateway: 'edge',
  portal: 'pages',
  orchestrator: 'coordination',
  relay: 'coordination',
  failover: 'coordination',
  reservation: 'selling',
  billing: 'reading',
  issue: 'issuing',
  deliver: 'issuing',
  migrate: 'schema',
  postgres: 'seats',
  mariadb: 'papers',
  broker: 'queues',
  epmd: 'queues',
  mail: 'world',
  bank: 'world'
} as const

/**
 * Who may speak to whom, and how. What is not here is forbidden: pages never
 * reach a database that is written, nor the service behind the orchestrator;
 * what reads documents takes no work from the queues.
 */
export const RULES = {
  http: [
    ['edge', 'pages'],
    ['pages', 'coordination'],
    ['coordination', 'selling'],
    ['coordination', 'reading'],
    ['coordination', 'coordination'],
    ['coordination', 'seats'],
    ['coordination', 'world']
  ],
  amqp: [
    ['coordination', 'queues'],
    ['issuing', 'queues']
  ],
  'postgres-write': [
    ['selling', 'seats'],
    ['coordination', 'seats'],
    ['schema', 'seats']
  ],
  'postgres-read': [['pages', 'seats']],
  'mariadb-write': [
    ['issuing', 'papers'],
    ['schema', 'papers']
  ],
  'mariadb-read': [['reading', 'papers']],
  smtp: [['issuing', 'world']]
} as const satisfies Record<string, ReadonlyArray<readonly [Tier, Tier]>>

export type Kind = keyof typeof TIERS
export type Via = keyof typeof RULES
type Tier = (typeof TIERS)[Kind]

type KindIn<T> = { [K in Kind]: (typeof TIERS)[K] extends T ? K : never }[Kind]
type Between<V, Rule> = Rule extends readonly [infer From, infer To]
  ? { readonly from: KindIn<From>; readonly via: V; readonly to: KindIn<To> }
  : never

/** One line of the diagram. A line that {@link RULES} does not allow is not of this type. */
export type Connector = { [V in Via]: Between<V, (typeof RULES)[V][number]> }[Via]

/** Every line of the diagram. */
export const CONNECTORS = [
  { from: 'gateway', via: 'http', to: 'portal' },
  { from: 'portal', via: 'http', to: 'orchestrator' },
  { from: 'portal', via: 'postgres-read', to: 'postgres' },
  { from: 'orchestrator', via: 'http', to: 'reservation' },
  { from: 'orchestrator', via: 'http', to: 'billing' },
  { from: 'orchestrator', via: 'http', to: 'relay' },
  { from: 'orchestrator', via: 'http', to: 'bank' },
  { from: 'orchestrator', via: 'amqp', to: 'broker' },
  { from: 'orchestrator', via: 'postgres-write', to: 'postgres' },
  { from: 'reservation', via: 'postgres-write', to: 'postgres' },
  { from: 'relay', via: 'postgres-write', to: 'postgres' },
  { from: 'relay', via: 'amqp', to: 'broker' },
  { from: 'failover', via: 'http', to: 'postgres' },
  { from: 'failover', via: 'postgres-write', to: 'postgres' },
  { from: 'issue', via: 'amqp', to: 'broker' },
  { from: 'issue', via: 'mariadb-write', to: 'mariadb' },
  { from: 'deliver', via: 'amqp', to: 'broker' },
  { from: 'deliver', via: 'mariadb-write', to: 'mariadb' },
  { from: 'deliver', via: 'smtp', to: 'mail' },
  { from: 'billing', via: 'mariadb-read', to: 'mariadb' },
  { from: 'migrate', via: 'postgres-write', to: 'postgres' },
  { from: 'migrate', via: 'mariadb-write', to: 'mariadb' }
] as const satisfies readonly Connector[]

/** The same rules for what the compiler did not see. @returns One sentence per forbidden connector. */
export function forbidden(connectors: ReadonlyArray<{ from: string; via: string; to: string }>): string[] {
  return connectors
    .filter(({ from, via, to }) => {
      const [source, target] = [TIERS[from as Kind], TIERS[to as Kind]]
      const rules: ReadonlyArray<readonly [Tier, Tier]> = RULES[via as Via] ?? []
      return !rules.some(([a, b]) => a === source && b === target)
    })
    .map(({ from, via, to }) => `${from} may not reach ${to} by ${via}`)
}
