import type { Pool } from 'pg'
import type { Read } from './fresh.ts'
import { rowsOf, stamped } from './standby.ts'

/** A companion's seat is sold only together with the place for a wheelchair that it stands beside. */
export type SeatKind = 'standard' | 'accessible' | 'companion'

export interface Seat {
  seatNo: number
  row: string
  label: string
  category: string
  x: number
  y: number
  priceClp: number
  free: boolean
  kind: SeatKind
  /** The place for a wheelchair: this one, or the one a companion comes with. */
  accessibleNo: number | null
}

/** A seat as people call it, wherever it stands. */
export interface Place extends Pick<Seat, 'seatNo' | 'row' | 'label' | 'category'> {
  sectionNo: number
}

export interface Dot {
  sectionNo: number
  x: number
  y: number
}

/** In the order of the plan, which is the order of its rows. */
export async function readSeats(pool: () => Pool, showId: number, sectionNo: number): Promise<Read<Seat[]>> {
  return stamped(
    pool,
    await rowsOf<Seat>(
      pool,
      `select seat_no as "seatNo", row_label as row, seat_label as label, category, x, y, price_clp as "priceClp", state = 'free' as free,
              kind, accessible_no as "accessibleNo"
       from catalogue.seats
       where show_id = $1 and section_no = $2
       order by seat_no`,
      [showId, sectionNo]
    )
  )
}

/** In the order of the plan; a number that the plan does not have is passed over. */
export async function readPlaces(pool: () => Pool, showId: number, seatNos: number[]): Promise<Read<Place[]>> {
  const value = await rowsOf<Place>(
    pool,
    `select seat_no as "seatNo", section_no as "sectionNo", row_label as row, seat_label as label, category
     from catalogue.seats
     where show_id = $1 and seat_no = any($2)
     order by seat_no`,
    [showId, seatNos]
  )
  return { value, behindSeconds: 0 }
}

/** The seats of a show that are not like the others. */
export async function readKinds(pool: () => Pool, showId: number): Promise<Read<Map<number, SeatKind>>> {
  const rows = await rowsOf<Pick<Seat, 'seatNo' | 'kind'>>(
    pool,
    'select seat_no as "seatNo", kind from catalogue.seats where show_id = $1 and accessible_no is not null',
    [showId]
  )
  return { value: new Map(rows.map(({ seatNo, kind }) => [seatNo, kind])), behindSeconds: 0 }
}

/** Where the seats of a whole plan stand. Tens of thousands in a stadium: read once per plan, which never changes. */
export async function readDots(pool: () => Pool, showId: number): Promise<Dot[]> {
  return rowsOf<Dot>(pool, 'select section_no as "sectionNo", x, y from catalogue.seats where show_id = $1', [showId])
}
