import type { QueryConfig } from 'pg'
import { announcement } from '../chassis/outbox.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import { countTickets } from './buyers.ts'
import type { Writes } from './decide.ts'
import { eventOf } from './order-event.ts'
import { integers, type LockedSeat, type LockedZone } from './stock.ts'
import { insertHeldPlaces, insertHolds } from './write-holds.ts'
import { deleteOwnPlaces, insertOrders, insertSoldPlaces, insertSoldSeats } from './write-orders.ts'

/** One of the things that a batch writes: a statement that counts its parameters from 1. */
export interface Part {
  text: string
  values: unknown[]
}

/**
 * Everything that a batch decided, in one statement: all of it or nothing, in
 * one message with the commit. The ids come ascending, because whoever has one
 * on the way makes others wait.
 *
 * @returns Nothing when there is nothing to write.
 */
export function writeBatch({ seats, zones, holds, sales }: Writes): QueryConfig | undefined {
  const newHolds = ascending(holds, (row) => row.hold_id)
  const newOrders = ascending(sales, (sale) => sale.order.orderId)
  const parts: Record<string, Part | false | undefined> = {
    seats: seats.size > 0 && writeSeats([...seats]),
    zones: zones.size > 0 && writeZones([...zones]),
    holds: holds.length > 0 && insertHolds(newHolds),
    held_places: zones.size > 0 && holds.length > 0 && insertHeldPlaces(newHolds),
    own_places: zones.size > 0 && sales.length > 0 && deleteOwnPlaces(sales),
    orders: sales.length > 0 && insertOrders(newOrders),
    sold_seats: seats.size > 0 && sales.length > 0 && insertSoldSeats(newOrders),
    sold_places: zones.size > 0 && sales.length > 0 && insertSoldPlaces(newOrders),
    buyers: sales.length > 0 && countTickets(sales.map(({ command }) => command)),
    events:
      sales.length > 0 &&
      announcement(
        OrdenCreada,
        sales.map((sale) => ({ subject: sale.order.orderId, data: eventOf(sale) }))
      )
  }
  const chosen = Object.entries(parts).filter((entry): entry is [string, Part] => Boolean(entry[1]))
  if (chosen.length === 0) return undefined
  const name = `write-batch ${Object.values(parts)
    .map((part) => (part ? 1 : 0))
    .join('')}` // PostgreSQL tells names apart by their first 63 characters
  return { name, text: textOf(name, chosen), values: chosen.flatMap(([, { values }]) => values) }
}

const texts = new Map<string, string>()

/** Each combination is put together once. */
function textOf(name: string, parts: Array<[string, Part]>): string {
  const known = texts.get(name)
  if (known) return known
  let first = 0
  const numbered = parts.map(([part, { text, values }]) => {
    const shifted = text.replaceAll(/\$(\d+)/g, (_all, no: string) => `$${first + Number(no)}`)
    first += values.length
    return `${part} as (${shifted})`
  })
  const text = `with ${numbered.join(', ')} select`
  texts.set(name, text)
  return text
}

function ascending<T>(rows: T[], idOf: (row: T) => string): T[] {
  return rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

function writeSeats(seats: LockedSeat[]): Part {
  return {
    text: `update selling.seats s
           set state = now.state, holder_id = now.holder_id, held_until = now.held_until
           from unnest($1::integer[], $2::integer[], $3::text[], $4::uuid[], $5::timestamptz[])
             as now (show_id, seat_no, state, holder_id, held_until)
           where s.show_id = now.show_id and s.seat_no = now.seat_no`,
    values: [
      integers(seats.map((seat) => seat.show_id)),
      integers(seats.map((seat) => seat.seat_no)),
      seats.map((seat) => seat.state),
      seats.map((seat) => seat.holder_id),
      seats.map((seat) => seat.held_until?.toISOString() ?? null)
    ]
  }
}

function writeZones(zones: LockedZone[]): Part {
  return {
    text: `update selling.show_zones z
           set sold = z.sold + more.sold, held = z.held + more.held
           from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) as more (show_id, zone_no, sold, held)
           where z.show_id = more.show_id and z.zone_no = more.zone_no`,
    values: [
      integers(zones.map((zone) => zone.show_id)),
      integers(zones.map((zone) => zone.zone_no)),
      integers(zones.map((zone) => zone.sold - zone.sold_before)),
      integers(zones.map((zone) => zone.held - zone.held_before))
    ]
  }
}
