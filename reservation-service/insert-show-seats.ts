import type { Tx } from '../chassis/postgres.ts'
import type { ShowRequest } from '../contracts/selling.ts'
import { refuse } from './refusals.ts'

/** Rows per statement, as for the import of a plan. */
const SEATS_PER_INSERT = 10_000

/** One free seat for every seat of the plan whose category has a price. */
export async function insertShowSeats(tx: Tx, showId: number, planId: number, seats: number): Promise<void> {
  for (let from = 0; from < seats; from += SEATS_PER_INSERT) await insertSeats(tx, showId, planId, from)
}

async function insertSeats(tx: Tx, showId: number, planId: number, from: number): Promise<void> {
  await tx.query({
    name: 'insert-seats',
    text: `insert into selling.seats (show_id, seat_no)
           select $1, t.seat_no
           from selling.plan_seats t
           join selling.show_prices p on p.show_id = $1 and p.category = t.category and p.type_no = 1
           where t.plan_id = $2 and t.seat_no > $3 and t.seat_no <= $3 + $4
           order by t.seat_no`,
    values: [showId, planId, from, SEATS_PER_INSERT]
  })
}

type Group = NonNullable<ShowRequest['accessible']>[number]

interface NamedSeat {
  seat_guid: string
  seat_no: number
  section_no: number
  row_label: string
  for_sale: boolean
}

/**
 * Marks accessible seats and their companions, after the seats are there. Those
 * of categories without a price are passed over, so that the same list serves
 * every show of a venue.
 *
 * @throws Refusal `SHOW_INVALID` when a seat is not in the plan, or a companion is not in the row of its seat or not for sale with it.
 */
export async function insertAccessible(tx: Tx, showId: number, planId: number, groups: Group[]): Promise<void> {
  if (groups.length === 0) return
  const guids = groups.flatMap(({ seat, companions }) => [seat, ...companions])
  const seats = new Map((await findSeats(tx, showId, planId, guids)).map((seat) => [seat.seat_guid, seat]))
  groups.forEach((group, i) => {
    mustStandTogether(group, seats, `accessible[${i}]`)
  })
  const kinds = groups.flatMap(({ seat, companions }) =>
    [seat, ...companions].map((guid) => ({ seatNo: seats.get(guid)!.seat_no, accessibleNo: seats.get(seat)!.seat_no }))
  )
  await insertKinds(tx, showId, kinds)
}

/** Pure. */
function mustStandTogether({ seat: guid, companions }: Group, seats: Map<string, NamedSeat>, at: string): void {
  const seat = seats.get(guid)
  if (!seat) throw refuse('SHOW_INVALID', { at: `${at}.seat`, reason: 'unknown-seat' })
  companions.forEach((name, i) => {
    const reason = whyNot(seat, seats.get(name))
    if (reason) throw refuse('SHOW_INVALID', { at: `${at}.companions[${i}]`, reason })
  })
}

function whyNot(seat: NamedSeat, companion: NamedSeat | undefined): string | undefined {
  if (!companion) return 'unknown-seat'
  if (companion.section_no !== seat.section_no || companion.row_label !== seat.row_label) return 'another-row'
  return companion.for_sale === seat.for_sale ? undefined : 'not-for-sale-together'
}

async function findSeats(tx: Tx, showId: number, planId: number, guids: string[]): Promise<NamedSeat[]> {
  const { rows } = await tx.query<NamedSeat>(
    `select t.seat_guid, t.seat_no, t.section_no, t.row_label, x.seat_no is not null as for_sale
     from selling.plan_seats t
     left join selling.seats x on x.show_id = $1 and x.seat_no = t.seat_no
     where t.plan_id = $2 and t.seat_guid = any($3)`,
    [showId, planId, guids]
  )
  return rows
}

async function insertKinds(tx: Tx, showId: number, kinds: Array<{ seatNo: number; accessibleNo: number }>): Promise<void> {
  await tx.query(
    `insert into selling.accessible_seats (show_id, seat_no, accessible_no)
     select $1, kind.seat_no, kind.accessible_no
     from unnest($2::integer[], $3::integer[]) as kind (seat_no, accessible_no)
     join selling.seats x on x.show_id = $1 and x.seat_no = kind.seat_no`,
    [showId, kinds.map(({ seatNo }) => seatNo), kinds.map(({ accessibleNo }) => accessibleNo)]
  )
}
