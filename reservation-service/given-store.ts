import { buyerKey } from './buyers.ts'
import { ticketsOf } from './choice.ts'
import type { Command } from './commands.ts'
import type { Facts, Outcome, Writes } from './decide.ts'
import { HALLS, HOLD_MS } from './given-halls.ts'
import type { HoldRow } from './holds.ts'
import type { OrderRow } from './orders.ts'
import { besideOf } from './row-locks.ts'
import { isFree, type LockedSeat, type LockedZone, numbered } from './stock.ts'

/** For tests: the tables of a shop, in memory. What `batch.ts` reads it reads, and what `write-batch.ts` writes it writes. */
export interface Store {
  seats: LockedSeat[]
  zones: Zone[]
  zoneHolds: Array<{ holdId: string; showId: number; zoneNo: number; quantity: number; heldUntil: Date }>
  holds: Map<string, HoldRow>
  orders: OrderRow[]
  /** What was told about each order when it was made. */
  told: Map<string, Outcome>
  sold: Map<string, number>
}

type Zone = Pick<LockedZone, 'show_id' | 'zone_no' | 'capacity' | 'sold' | 'held'>

export function openStore(): Store {
  const halls = [...HALLS]
  return {
    seats: halls.flatMap(([showId, { rows, blocked }]) =>
      rows.flat().map(({ seat_no }) => seatOf(showId, seat_no, blocked.includes(seat_no)))
    ),
    zones: halls.flatMap(([showId, { capacities }]) =>
      [...capacities].map(([zoneNo, capacity]) => ({ show_id: showId, zone_no: zoneNo, capacity, sold: 0, held: 0 }))
    ),
    ...{ zoneHolds: [], holds: new Map(), orders: [], told: new Map(), sold: new Map() }
  }
}

/** @param eager - Gives back places that ran out in every zone, and not only where somebody misses them. */
export function factsOf(store: Store, commands: Command[], now: Date, eager: boolean): Facts {
  const choices = commands.flatMap(({ chosen }) => chosen ?? [])
  const wantedSeats = new Set([
    ...choices.flatMap(({ showId, seatNos }) => seatNos.map((no) => `${showId} ${no}`)),
    ...besideOf(commands).map(([showId, no]) => `${showId} ${no}`)
  ])
  const wantedZones = new Set(choices.flatMap(({ showId, zoneNos }) => zoneNos.map((no) => `${showId} ${no}`)))
  for (const zone of store.zones) {
    const wanted = choices
      .filter(({ showId }) => showId === zone.show_id)
      .reduce((sum, { zoneNos, quantities }) => sum + (quantities[zoneNos.indexOf(zone.zone_no)] ?? 0), 0)
    if (wanted > zone.capacity - zone.sold - zone.held || (eager && wanted > 0)) reclaim(store, zone, now)
  }
  const orders = store.orders.filter((order) => order.state === 'made')
  return {
    ...{ now, holdMs: HOLD_MS, holds: new Map(store.holds), made: new Map(), newCode: () => `CODE${store.orders.length}` },
    stock: {
      seats: numbered(
        store.seats.filter(({ show_id, seat_no }) => wantedSeats.has(`${show_id} ${seat_no}`)).map((seat) => ({ ...seat })),
        ({ seat_no }) => seat_no
      ),
      zones: numbered(
        store.zones
          .filter(({ show_id, zone_no }) => wantedZones.has(`${show_id} ${zone_no}`))
          .map((zone) => ({ ...zone, sold_before: zone.sold, held_before: zone.held })),
        ({ zone_no }) => zone_no
      )
    },
    takenInRows: new Map([...HALLS.keys()].map((showId) => [showId, takenIn(store, showId, now)])),
    ordersById: new Map(store.orders.map((order) => [order.order_id, order])),
    ordersByHold: new Map(orders.flatMap((order) => (order.hold_id ? [[order.hold_id, order]] : []))),
    ownPlaces: new Map(
      [...Map.groupBy(store.zoneHolds, ({ holdId }) => holdId)].map(([id, own]) => [id, new Set(own.map(({ zoneNo }) => zoneNo))])
    ),
    ticketsOf: new Map(
      commands.flatMap((command) =>
        command.does === 'hold' || !command.show ? [] : [keyed(store, command.show.row.show_id, command.request.buyer.email)]
      )
    )
  }
}

/** Only what is written stays: whatever else deciding has changed is gone. */
export function write(store: Store, { seats, zones, holds, sales }: Writes): void {
  for (const seat of seats)
    Object.assign(store.seats.find(({ show_id, seat_no }) => show_id === seat.show_id && seat_no === seat.seat_no)!, seat)
  for (const zone of zones)
    Object.assign(store.zones.find(({ show_id, zone_no }) => show_id === zone.show_id && zone_no === zone.zone_no)!, zone)
  store.zoneHolds = store.zoneHolds.filter(({ holdId }) => !sales.some((sale) => sale.holdId === holdId))
  for (const hold of holds) {
    store.holds.set(hold.hold_id, hold)
    hold.zone_nos.forEach((zoneNo, i) => {
      store.zoneHolds.push({
        holdId: hold.hold_id,
        showId: hold.show_id,
        zoneNo,
        quantity: hold.quantities[i]!,
        heldUntil: hold.held_until
      })
    })
  }
  for (const { order, command, holdId } of sales) {
    store.told.set(order.orderId, { order })
    store.orders.push({
      ...{
        order_id: order.orderId,
        state: 'made',
        code: order.code,
        show_id: order.showId,
        hold_id: holdId,
        fingerprint: command.fingerprint
      },
      ...{ service_fee_clp: order.serviceFeeClp, total_clp: order.totalClp, made_at: new Date(order.madeAt) }
    })
    const key = buyerKey(order.showId, command.request.buyer.email)
    store.sold.set(key, (store.sold.get(key) ?? 0) + ticketsOf(command.chosen!))
  }
}

/** As `release-hold.ts` does. */
export function release(store: Store, holdId: string, now: Date): void {
  const hold = store.holds.get(holdId)
  if (!hold || store.orders.some((order) => order.state === 'made' && order.hold_id === holdId)) return
  store.holds.set(holdId, { ...hold, released_at: hold.released_at ?? now })
  for (const seat of store.seats)
    if (seat.state === 'held' && seat.holder_id === holdId) Object.assign(seat, seatOf(seat.show_id, seat.seat_no, false))
  giveBack(store, (own) => own.holdId === holdId)
}

function reclaim(store: Store, { show_id, zone_no }: Zone, now: Date): void {
  giveBack(store, ({ showId, zoneNo, heldUntil }) => showId === show_id && zoneNo === zone_no && heldUntil <= now)
}

function giveBack(store: Store, goes: (own: Store['zoneHolds'][number]) => boolean): void {
  for (const { showId, zoneNo, quantity } of store.zoneHolds.filter(goes))
    store.zones.find(({ show_id, zone_no }) => show_id === showId && zone_no === zoneNo)!.held -= quantity
  store.zoneHolds = store.zoneHolds.filter((own) => !goes(own))
}

function takenIn({ seats }: Store, showId: number, now: Date): Set<number> {
  return new Set(seats.filter((seat) => seat.show_id === showId && !isFree(seat, now)).map(({ seat_no }) => seat_no))
}

function keyed({ sold }: Store, showId: number, email: string): [string, number] {
  const key = buyerKey(showId, email)
  return [key, sold.get(key) ?? 0]
}

function seatOf(showId: number, seatNo: number, blocked: boolean): LockedSeat {
  const holder = blocked ? '00000000-0000-0000-0000-000000000000' : null
  return { show_id: showId, seat_no: seatNo, state: blocked ? 'blocked' : 'free', holder_id: holder, held_until: null }
}
