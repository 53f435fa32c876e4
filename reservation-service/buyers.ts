import { inTurn, type Tx } from '../chassis/postgres.ts'
import { ticketsOf } from './choice.ts'
import type { Command } from './commands.ts'
import { integers } from './stock.ts'
import type { Part } from './write-batch.ts'

/** A buyer, where tickets are limited, is a mail address: without its capitals, and without what stands behind a plus. */
export function normalised(email: string): string {
  return email
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, '@')
}

export function buyerKey(showId: number, email: string): string {
  return `${showId} ${normalised(email)}`
}

/**
 * Locks the counters of those who buy from shows that limit them, after seats and zones and ascending.
 *
 * @returns How many tickets each has, by {@link buyerKey}.
 */
export async function lockBuyers(tx: Tx, commands: Command[]): Promise<Map<string, number>> {
  const limited = commands.filter((command) => command.does !== 'hold' && command.show?.row.tickets_per_buyer_max != null)
  if (limited.length === 0) return new Map()
  const keys = limited.map(
    (command) => [command.show!.row.show_id, 'request' in command ? normalised(command.request.buyer.email) : ''] as const
  )
  return lockCounters(tx, keys)
}

export async function lockCounters(tx: Tx, keys: ReadonlyArray<readonly [showId: number, buyer: string]>): Promise<Map<string, number>> {
  const sorted = keys.toSorted(([a, m], [b, n]) => a - b || (m < n ? -1 : Number(m > n)))
  const values = [integers(sorted.map(([showId]) => showId)), sorted.map(([, buyer]) => buyer)]
  const inserted = tx.query({
    name: 'insert-buyers',
    text: `insert into selling.buyer_tickets (show_id, buyer)
           select * from unnest($1::integer[], $2::text[])
           on conflict do nothing`,
    values
  })
  const locked = tx.query<{ show_id: number; buyer: string; sold: number }>({
    name: 'lock-buyers',
    text: `select counter.*
           from unnest($1::integer[], $2::text[]) as wanted (show_id, buyer)
           cross join lateral (
             select b.show_id, b.buyer, b.sold
             from selling.buyer_tickets b
             where b.show_id = wanted.show_id and b.buyer = wanted.buyer
             for no key update
           ) counter`,
    values
  })
  const [, { rows }] = await inTurn([inserted, locked])
  return new Map(rows.map(({ show_id: showId, buyer, sold }) => [`${showId} ${buyer}`, sold]))
}

/** Adds what a batch sold to the counters it locked. Nothing when no show of it limits its buyers. */
export function countTickets(sold: Command[]): Part | undefined {
  const added = new Map<string, { showId: number; buyer: string; tickets: number }>()
  for (const command of sold) {
    if (command.does === 'hold' || command.show?.row.tickets_per_buyer_max == null) continue
    const [showId, buyer] = [command.show.row.show_id, normalised(command.request.buyer.email)]
    const tickets = (added.get(`${showId} ${buyer}`)?.tickets ?? 0) + ticketsOf(command.chosen!)
    added.set(`${showId} ${buyer}`, { showId, buyer, tickets })
  }
  if (added.size === 0) return undefined
  const counters = [...added.values()]
  return {
    text: `update selling.buyer_tickets b
           set sold = b.sold + added.tickets
           from unnest($1::integer[], $2::text[], $3::integer[]) as added (show_id, buyer, tickets)
           where b.show_id = added.show_id and b.buyer = added.buyer`,
    values: [integers(counters.map((c) => c.showId)), counters.map((c) => c.buyer), integers(counters.map((c) => c.tickets))]
  }
}
