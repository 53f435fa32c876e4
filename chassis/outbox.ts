import assert from 'node:assert/strict'
import { Value } from 'typebox/value'
import { type Contract, type DataOf, schemaOf } from '../contracts/contract.ts'
import type { Tx } from './postgres.ts'

/** The PostgreSQL channel that wakes the relay. A hint only: the relay also polls. */
export const OUTBOX_CHANNEL = 'outbox'

/**
 * Says, in the same transaction, that something happened. The event leaves the
 * database if and only if the transaction commits. The bell is rung after the
 * commit, debounced, from a connection of its own: a NOTIFY in here would make
 * every commit wait for every other.
 *
 * @param subject - The id of the thing it happened to.
 * @see docs/decisions/0003-outbox-by-polling-and-a-bell.md
 */
export async function announce<C extends Contract>(tx: Tx, contract: C, subject: string, data: DataOf<C>): Promise<void> {
  assert(Value.Check(contract.data, data), `data is not a ${contract.type} v${contract.version}`)
  await tx.query({
    name: 'announce',
    text: `insert into selling.outbox (event_id, source, type, subject, dataschema, data)
           values (gen_random_uuid(), $1, $2, $3, $4, $5)`,
    values: [contract.source, contract.type, subject, schemaOf(contract), data]
  })
}
