import type { Tx } from '../chassis/postgres.ts'
import type { Show, ShowRequest } from '../contracts/selling.ts'
import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { checkShow } from './check-show.ts'
import { fingerprintOf } from './fingerprint.ts'
import { insertShowPrices } from './insert-show-prices.ts'
import { insertAccessible, insertShowSeats } from './insert-show-seats.ts'
import { refuse } from './refusals.ts'

/**
 * Puts a show up for sale: one free seat for every seat of the plan whose
 * category has a price, one counter for every zone. A show does not change once
 * it is made, so the same request again gets the same answer.
 *
 * @see docs/shows.md

 * @throws Refusal `SHOW_INVALID`, `PLAN_UNKNOWN` or `SHOW_MISMATCH`. Nothing is made.
 */
export async function makeShow(tx: Tx, code: string, request: ShowRequest): Promise<Show> {
  checkShow(request)
  const fingerprint = fingerprintOf(request)
  const plan = await lockPlan(tx, request.planCode)
  const showId = plan && (await insertShow(tx, code, plan.plan_id, request, fingerprint))
  if (!showId) {
    const known = await findShow(tx, code)
    if (!known) throw refuse('PLAN_UNKNOWN', { planCode: request.planCode })
    if (known.fingerprint !== fingerprint) throw refuse('SHOW_MISMATCH', { code })
    return showOf(tx, known.show_id, code)
  }
  await mustHaveCategories(tx, plan.plan_id, request)
  await insertShowPrices(tx, showId, request)
  await insertShowSeats(tx, showId, plan.plan_id, plan.seats)
  await insertAccessible(tx, showId, plan.plan_id, request.accessible ?? [])
  const show = await showOf(tx, showId, code)
  if (show.seats + show.places === 0) throw refuse('SHOW_INVALID', { at: 'prices', reason: 'nothing-to-sell' })
  return show
}

/** Keeps the plan as it is until the show that uses it is committed. */
async function lockPlan(tx: Tx, code: string): Promise<{ plan_id: number; seats: number } | undefined> {
  const { rows } = await tx.query<{ plan_id: number }>('select plan_id from selling.plans where code = $1 for share', [code])
  const planId = rows[0]?.plan_id
  if (!planId) return undefined
  const counted = await tx.query<{ seats: number }>(
    'select coalesce(max(seat_no), 0) as seats from selling.plan_seats where plan_id = $1',
    [planId]
  )
  return { plan_id: planId, seats: counted.rows[0]!.seats }
}

async function insertShow(tx: Tx, code: string, planId: number, show: ShowRequest, fingerprint: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ show_id: number }>(
    `insert into selling.shows (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city,
                                starts_at, doors_at, time_zone, sales_from, sales_until, service_fee_per_ticket_clp,
                                tickets_per_order_max, tickets_per_buyer_max, no_orphan_seats, focus_x, focus_y)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
     on conflict do nothing
     returning show_id`,
    [
      ...[code, planId, fingerprint, show.title, show.description.es, show.description.en, show.genre],
      ...[show.venue.name, show.venue.address, show.venue.city],
      ...[utc(show.startsAt), show.doorsAt ? utc(show.doorsAt) : null, show.timeZone, utc(show.salesFrom), utc(show.salesUntil)],
      ...[show.serviceFeePerTicketClp, show.ticketsPerOrderMax ?? SEATS_PER_ORDER_MAX, show.ticketsPerBuyerMax ?? null],
      ...[show.noOrphanSeats ?? false, show.focus?.x ?? null, show.focus?.y ?? null]
    ]
  )
  return rows[0]?.show_id
}

function utc(instant: string): string {
  return new Date(instant).toISOString()
}

async function findShow(tx: Tx, code: string): Promise<{ show_id: number; fingerprint: string } | undefined> {
  const { rows } = await tx.query<{ show_id: number; fingerprint: string }>(
    'select show_id, fingerprint from selling.shows where code = $1',
    [code]
  )
  return rows[0]
}

async function mustHaveCategories(tx: Tx, planId: number, { prices }: ShowRequest): Promise<void> {
  const { rows } = await tx.query<{ category: string }>('select category from selling.plan_categories where plan_id = $1', [planId])
  const at = prices.findIndex(({ category }) => !rows.some((row) => row.category === category))
  if (at >= 0) throw refuse('SHOW_INVALID', { at: `prices[${at}].category`, reason: 'unknown-category' })
}

async function showOf(tx: Tx, showId: number, code: string): Promise<Show> {
  const { rows } = await tx.query<{ seats: number; places: number }>(
    `select (select count(*)::integer from selling.seats where show_id = $1) as seats,
            (select coalesce(sum(capacity), 0)::integer from selling.show_zones where show_id = $1) as places`,
    [showId]
  )
  return { showId, code, ...rows[0]! }
}
