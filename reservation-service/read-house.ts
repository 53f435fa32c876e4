import type { Tx } from '../chassis/postgres.ts'
import type { ShowRow } from './read-show.ts'
import { type Seating, type SeatRow, seatingOf } from './seating.ts'

/** A seat of the plan that this show sells. */
export interface OfferedSeat extends SeatRow {
  seat_label: string
  section: string
}

/** The seats that are for sale in a plan. Shows that sell the same ones of the same plan share it: a stadium takes tens of megabytes. */
export interface House {
  /** By seat number. */
  seats: ReadonlyMap<number, OfferedSeat>
  hasCompanions: boolean
  seating: Seating
}

const SEATS_PER_READ = 2_000

/** What a show sells of its plan: the seats whose category has a price. */
export async function readHouse(tx: Tx, show: Pick<ShowRow, 'show_id' | 'plan_id'>, accessible: Accessible): Promise<House> {
  return houseOf(await findSeats(tx, show, accessible))
}

function houseOf(seats: Map<number, OfferedSeat>): House {
  return { seats, hasCompanions: seats.values().some(({ kind }) => kind === 'companion'), seating: seatingOf([...seats.values()]) }
}

/** In slices: a stadium's rows must not keep everybody else waiting while they are parsed. */
async function findSeats(
  tx: Tx,
  { show_id: showId, plan_id: planId }: Pick<ShowRow, 'show_id' | 'plan_id'>,
  accessible: Accessible
): Promise<Map<number, OfferedSeat>> {
  const sections = await findSections(tx, planId)
  const seats = new Map<number, OfferedSeat>()
  for (let after = 0; ; ) {
    const { rows } = await tx.query<Omit<OfferedSeat, 'section' | 'kind' | 'accessible_no'>>({
      name: 'find-offered-seats',
      text: `select t.seat_no, t.section_no, t.row_label, t.seat_label, t.category, t.x, t.y
             from selling.plan_seats t
             join selling.show_prices p on p.show_id = $1 and p.category = t.category and p.type_no = 1
             where t.plan_id = $2 and t.seat_no > $3
             order by t.seat_no
             limit $4`,
      values: [showId, planId, after, SEATS_PER_READ]
    })
    for (const row of rows) seats.set(row.seat_no, { ...row, section: sections.get(row.section_no)!, ...kindOf(row.seat_no, accessible) })
    if (rows.length < SEATS_PER_READ) return seats
    after = rows.at(-1)!.seat_no
  }
}

function kindOf(seatNo: number, accessible: Accessible): Pick<OfferedSeat, 'kind' | 'accessible_no'> {
  const accessibleNo = accessible.get(seatNo) ?? null
  return { kind: accessibleNo === null ? 'standard' : accessibleNo === seatNo ? 'accessible' : 'companion', accessible_no: accessibleNo }
}

/** By seat: itself, or the seat it accompanies. */
type Accessible = Map<number, number>

export async function findAccessible(tx: Tx, showId: number): Promise<Accessible> {
  const { rows } = await tx.query<{ seat_no: number; accessible_no: number }>({
    name: 'find-accessible',
    text: 'select seat_no, accessible_no from selling.accessible_seats where show_id = $1 order by seat_no',
    values: [showId]
  })
  return new Map(rows.map(({ seat_no, accessible_no }) => [seat_no, accessible_no]))
}

async function findSections(tx: Tx, planId: number): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ section_no: number; name: string }>({
    name: 'find-section-names',
    text: 'select section_no, name from selling.plan_sections where plan_id = $1',
    values: [planId]
  })
  return new Map(rows.map(({ section_no, name }) => [section_no, name]))
}
