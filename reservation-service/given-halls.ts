import { drawn } from './given-seating.ts'
import type { Show, ShowRow } from './read-show.ts'
import { type SeatRow, seatingOf } from './seating.ts'

/** For tests: two small shows with every rule there is, made without a database. */
export interface Hall {
  show: Show
  rows: SeatRow[][]
  /** House seats. */
  blocked: number[]
  capacities: Map<number, number>
}

/** When the histories begin. */
export const BEGAN = Date.UTC(2030, 0, 1)
export const HOLD_MS = 600_000
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000]

/**
 * Show 1: an accessible seat and its companion, two categories, a house seat, two
 * ticket types, two zones, limits. Show 2: one row under the rule against
 * orphans, on sale for an hour.
 */
export const HALLS: ReadonlyMap<number, Hall> = new Map([
  [
    1,
    hall('.caaabbx', {
      row: rowOf(1, DAY_MS, { tickets_per_order_max: 4, tickets_per_buyer_max: 4, service_fee_per_ticket_clp: 500 }),
      types: ['Adulto', 'Niño'],
      pricesClp: { a: [10_000, 5_000], b: [8_000] },
      zones: [
        { capacity: 6, pricesClp: [4_000, 2_000] },
        { capacity: 3, pricesClp: [3_000] }
      ]
    })
  ],
  [
    2,
    hall('aaaaaaa', {
      row: rowOf(2, HOUR_MS, { no_orphan_seats: true }),
      types: [],
      pricesClp: { a: [7_000] },
      zones: [{ capacity: 4, pricesClp: [1_000] }]
    })
  ]
])

interface Offer {
  row: ShowRow
  types: string[]
  pricesClp: Record<string, number[]>
  zones: Array<{ capacity: number; pricesClp: number[] }>
}

function hall(drawing: string, { row, types, pricesClp, zones }: Offer): Hall {
  const rows = drawn([[drawing]])
  const seats = new Map(rows.flat().map((seat) => [seat.seat_no, { ...seat, seat_label: `${seat.seat_no}`, section: 'Sala' }]))
  return {
    show: {
      row,
      houseKey: drawing,
      types,
      seats,
      zones: new Map(zones.map((zone, i) => [i + 1, { name: `Cancha ${i + 1}`, pricesClp: [undefined, ...zone.pricesClp] }])),
      pricesClp: new Map(Object.entries(pricesClp).map(([category, prices]) => [category, [undefined, ...prices]])),
      focus: { x: 0, y: 0 },
      hasCompanions: rows.flat().some(({ kind }) => kind === 'companion'),
      seating: seatingOf(rows.flat())
    },
    rows,
    blocked: [...drawing].flatMap((letter, i) => (letter === 'x' ? i + 1 : [])),
    capacities: new Map(zones.map(({ capacity }, i) => [i + 1, capacity]))
  }
}

function rowOf(showId: number, saleMs: number, change: Partial<ShowRow>): ShowRow {
  return {
    ...{ show_id: showId, code: `show-${showId}`, plan_id: 1, title: 'Show', venue: 'Sala', address: 'Calle 1', city: 'Santiago' },
    ...{ starts_at: new Date(BEGAN + 2 * DAY_MS), doors_at: null, time_zone: 'America/Santiago' },
    ...{ sales_from: new Date(BEGAN), sales_until: new Date(BEGAN + saleMs), service_fee_per_ticket_clp: 0 },
    ...{ tickets_per_order_max: 10, tickets_per_buyer_max: null, no_orphan_seats: false, focus_x: null, focus_y: null, width: 100 },
    ...change
  }
}
