import type { Pool, RowDataPacket } from 'mysql2/promise'
import { type Static, Type } from 'typebox'

const ROWS_MAX = 200

const Nullable = Type.Union([Type.String(), Type.Null()])

/** What waits for a person, the oldest first, and what waits behind it, in sequence. */
export const Registers = Type.Object({
  failed: Type.Array(
    Type.Object({
      eventId: Type.String(),
      type: Nullable,
      orderId: Nullable,
      reason: Type.String(),
      times: Type.Integer(),
      failedAt: Type.String(),
      onHold: Type.Integer({ description: 'Events of the same order that wait.' })
    })
  ),
  held: Type.Array(
    Type.Object({
      eventId: Type.String(),
      type: Nullable,
      orderId: Type.String(),
      sequence: Type.Integer(),
      last: Type.Integer({ description: 'The last sequence of its order that was applied or given up.' }),
      heldAt: Type.String()
    })
  ),
  failedInAll: Type.Integer(),
  heldInAll: Type.Integer()
})

export type Registers = Static<typeof Registers>

export async function listRegisters(pool: Pool): Promise<Registers> {
  const rows = async (sql: string) => (await pool.query<Array<RowDataPacket>>(sql))[0]
  const [counts] = await rows('select (select count(*) from failed_events) as failedInAll, (select count(*) from held_events) as heldInAll')
  return {
    failed: timesTold(await rows(FAILED), 'failedAt') as Registers['failed'],
    held: timesTold(await rows(HELD), 'heldAt') as Registers['held'],
    ...(counts as { failedInAll: number; heldInAll: number })
  }
}

function timesTold(rows: RowDataPacket[], name: string) {
  return rows.map((row) => ({ ...row, [name]: (row[name] as Date).toISOString() }))
}

const TYPE = `json_value(headers, '$."cloudEvents:type"')`

const FAILED = `select event_id as eventId, ${TYPE} as type, subject as orderId, reason, times, failed_at as failedAt,
                       (select count(*) from held_events where order_id = subject) as onHold
                from failed_events
                order by failed_at
                limit ${ROWS_MAX}`

const HELD = `select event_id as eventId, ${TYPE} as type, order_id as orderId, sequence, last_sequence as last, held_at as heldAt
              from held_events
              join order_sequences using (order_id)
              order by order_id, sequence
              limit ${ROWS_MAX}`
