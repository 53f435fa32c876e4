import type { Connection } from 'mysql2/promise'
import type { Replication, Status } from './status.ts'

export interface Report {
  /** What keeps this node from doing its part; nothing: it does it. */
  missing: string[]
  pid?: number
  status?: Status
  replication?: Replication
  /** Of a replica: since its server started it has had everything that the primary had acknowledged. */
  whole?: boolean
}

/** What a role adds to keeping a server alive. */
export interface Duty {
  /** Before the server is started: there are data to start it on. */
  prepare: () => Promise<void>
  /** Once for every life of the server. */
  greet: (connection: Connection) => Promise<void>
  /** At every pass: the next step, and how things are. */
  look: (connection: Connection) => Promise<Report>
}
