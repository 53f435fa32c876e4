import { createHmac, randomUUID } from 'node:crypto'
import type { ConfirmChannel } from 'amqplib'
import type { Tx } from '../chassis/postgres.ts'
import { type CloudEvent, schemaOf } from '../contracts/contract.ts'
import { EntradasPedidas } from '../contracts/entradas-pedidas.ts'
import type { LostTickets } from '../contracts/purchase.ts'
import { type Kit, store } from './kit.ts'
import { publishOne } from './publish.ts'

const ASKS_PER_HOUR_MAX = 3

/**
 * Passes on that somebody lost their tickets. Known or unknown address, within
 * the limit or over it, the answer is the same: nobody learns from it who has bought.
 *
 * @param secret - Keys the hash under which asks are counted: the address itself is not kept.
 * @throws `unavailable` when no queue has taken it for certain; then the ask does not count.
 */
export async function askLostTickets(
  kit: Kit,
  channel: ConfirmChannel | undefined,
  { email, language }: LostTickets,
  secret: string
): Promise<void> {
  const address = createHmac('sha256', secret).update(email.toLowerCase()).digest('hex')
  const now = await store(kit, (tx) => countAsk(tx, address))
  if (!now) return
  try {
    await publishOne(channel, askedEvent({ email, language, askedAt: now.toISOString() }))
  } catch (err) {
    await store(kit, (tx) => uncountAsk(tx, address))
    throw err
  }
}

function askedEvent(data: EntradasPedidas): CloudEvent<EntradasPedidas> {
  const { type, source } = EntradasPedidas
  const [id, subject] = [randomUUID(), randomUUID()] // about no thing that exists, and nobody's address in a header
  return { specversion: '1.0', id, source, type, subject, time: data.askedAt, dataschema: schemaOf(EntradasPedidas), data }
}

/** @returns The time, or nothing when this address has asked often enough. What is older than an hour is forgotten. */
async function countAsk(tx: Tx, address: string): Promise<Date | undefined> {
  await tx.query("delete from purchase.lost_ticket_asks where asked_at < clock_timestamp() - interval '1 hour'")
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [address])
  const { rows } = await tx.query<{ askedAt: Date }>({
    name: 'count-ask',
    text: `insert into purchase.lost_ticket_asks (address)
           select $1
           where (select count(*) from purchase.lost_ticket_asks where address = $1) < $2
           returning asked_at as "askedAt"`,
    values: [address, ASKS_PER_HOUR_MAX]
  })
  return rows[0]?.askedAt
}

/** Otherwise who asks while the broker is away would be over the limit when it is back, and be told of a mail that never comes. */
async function uncountAsk(tx: Tx, address: string): Promise<void> {
  await tx.query(
    `delete from purchase.lost_ticket_asks
     where ctid = (select ctid from purchase.lost_ticket_asks where address = $1 order by asked_at desc limit 1)`,
    [address]
  )
}
