import type { CONNECTORS, Kind } from './rules.ts'
import type { Secrets } from './secrets.ts'

/** The servers that come from Debian and are run by the driver itself. */
export type Server = 'rabbitmq' | 'epmd' | 'haproxy'

/** How to tell that a component can do its work. A job has done it when it ends. */
export type Health = { port: number; path: string } | { port: number } | 'ends'

/** What a component is, whatever instance it belongs to. */
interface Spec<K extends Kind> {
  readonly run: { readonly file: string } | { readonly server: Server }
  /** Names, and the last two numbers of their addresses. */
  readonly instances: Readonly<Record<string, `${number}.${number}`>>
  readonly port: number
  readonly otherPorts?: readonly number[]
  /** Those of its ports that are bound, or tried, on addresses that all instances share: the instance's number is added to them. */
  readonly portsPerInstance?: readonly number[]
  readonly health: Health
  /** Kinds that must be healthy before it starts. Who only opens connections waits for nobody: they come when they come. */
  readonly after?: readonly Kind[]
  readonly stopMsMax?: number
  readonly settings: (wire: Wire<K>, place: Place, name: string) => Record<string, string>
}

export type Specs<Kinds extends Kind> = { readonly [K in Kinds]: Spec<K> }

/** One end of a connector: an instance of the kind that is reached. */
export interface End {
  name: string
  address: string
  port: number
  /** The port of its agent, for a database. */
  healthPort: number
}

/** Where and for whom an instance is laid out. */
export interface Place {
  instance: number
  directory: string
  secrets: Secrets
  postgresBin: string
  /** Where buyers find the shop. */
  publicUrl: string
  nodesOf: (kind: Kind) => End[]
}

type From<K extends Kind> = Extract<(typeof CONNECTORS)[number], { from: K }>

/**
 * The address at the other end of a connector, in the form that settings take.
 * Only connectors that exist can be asked for, so a portal that wants a written
 * database does not compile.
 */
export type Wire<K extends Kind> = <V extends From<K>['via']>(
  via: V,
  to: Extract<From<K>, { via: V }>['to'],
  ...detail: Detail[V] extends never ? [] : Detail[V]
) => string

/** What must be said beside the target: one instance of several, or the role to act as. */
export interface Detail {
  http: [instance?: string]
  amqp: []
  smtp: []
  'postgres-read': [role: 'catalogue']
  'postgres-write': [role: 'owner' | 'control' | 'selling' | 'purchase' | 'relay']
  'mariadb-read': [node: string]
  'mariadb-write': [role: 'owner' | 'writer']
}
