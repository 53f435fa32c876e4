import type { Tx } from '../chassis/postgres.ts'
import type { PlanReport } from '../contracts/selling.ts'
import type { Plan, PlanSeat } from './read-plan.ts'
import { refuse } from './refusals.ts'

/** Rows per statement: far from the statement's time limit, and few round trips for a stadium. */
const SEATS_PER_INSERT = 5_000

/**
 * Stores a plan under its code. The same file again changes nothing and gets the
 * same answer; another file replaces it while no show uses it.
 *
 * @param fingerprint - sha256 of the file.
 * @throws Refusal `PLAN_IN_USE`. Nothing is stored.
 */
export async function importPlan(tx: Tx, planCode: string, plan: Plan, fingerprint: string): Promise<PlanReport> {
  const report = { planCode, name: plan.name, sections: plan.sections.length, seats: plan.seats.length, ignored: plan.ignored }
  const newId = await insertPlan(tx, planCode, plan, fingerprint)
  if (newId) {
    await insertContents(tx, newId, plan)
    return report
  }
  const known = await lockPlan(tx, planCode)
  if (known.fingerprint === fingerprint) return report
  if (known.used) throw refuse('PLAN_IN_USE', { planCode })
  await clearPlan(tx, known.plan_id)
  await updatePlan(tx, known.plan_id, plan, fingerprint)
  await insertContents(tx, known.plan_id, plan)
  return report
}

async function insertContents(tx: Tx, planId: number, plan: Plan): Promise<void> {
  await insertCategories(tx, planId, plan)
  await insertSections(tx, planId, plan)
  for (let from = 0; from < plan.seats.length; from += SEATS_PER_INSERT) {
    await insertSeats(tx, planId, from, plan.seats.slice(from, from + SEATS_PER_INSERT))
  }
}

async function insertPlan(tx: Tx, code: string, { name, width, height, shapes }: Plan, fingerprint: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ plan_id: number }>(
    `insert into selling.plans (code, name, fingerprint, width, height, shapes)
     values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing
     returning plan_id`,
    [code, name, fingerprint, width, height, JSON.stringify(shapes)]
  )
  return rows[0]?.plan_id
}

/** A show that is being made holds this row too, so that its plan cannot be replaced under it. */
async function lockPlan(tx: Tx, code: string): Promise<{ plan_id: number; fingerprint: string; used: boolean }> {
  await tx.query('select from selling.plans where code = $1 for update', [code])
  const { rows } = await tx.query<{ plan_id: number; fingerprint: string; used: boolean }>(
    `select plan_id, fingerprint, exists (select from selling.shows s where s.plan_id = p.plan_id) as used
     from selling.plans p
     where code = $1`,
    [code]
  )
  return rows[0]!
}

async function clearPlan(tx: Tx, planId: number): Promise<void> {
  await tx.query('delete from selling.plan_seats where plan_id = $1', [planId])
  await tx.query('delete from selling.plan_sections where plan_id = $1', [planId])
  await tx.query('delete from selling.plan_categories where plan_id = $1', [planId])
}

async function updatePlan(tx: Tx, planId: number, { name, width, height, shapes }: Plan, fingerprint: string): Promise<void> {
  await tx.query(
    `update selling.plans
     set name = $2, fingerprint = $3, width = $4, height = $5, shapes = $6, imported_at = clock_timestamp()
     where plan_id = $1`,
    [planId, name, fingerprint, width, height, JSON.stringify(shapes)]
  )
}

async function insertCategories(tx: Tx, planId: number, { categories }: Plan): Promise<void> {
  await tx.query(
    `insert into selling.plan_categories (plan_id, category, color)
     select $1, category, color from unnest($2::text[], $3::text[]) as file (category, color)`,
    [planId, categories.map(({ name }) => name), categories.map(({ color }) => color)]
  )
}

async function insertSections(tx: Tx, planId: number, { sections }: Plan): Promise<void> {
  const px = (side: 'left' | 'top' | 'right' | 'bottom') => sections.map((section) => section[side])
  await tx.query(
    `insert into selling.plan_sections (plan_id, section_no, name, left_px, top_px, right_px, bottom_px, seats)
     select $1, section_no, name, left_px, top_px, right_px, bottom_px, seats
     from unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::integer[])
       with ordinality as file (name, left_px, top_px, right_px, bottom_px, seats, section_no)`,
    [planId, sections.map(({ name }) => name), px('left'), px('top'), px('right'), px('bottom'), sections.map(({ seats }) => seats)]
  )
}

async function insertSeats(tx: Tx, planId: number, from: number, seats: PlanSeat[]): Promise<void> {
  const column = <K extends keyof PlanSeat>(key: K) => seats.map((seat) => seat[key])
  await tx.query({
    name: 'insert-plan-seats',
    text: `insert into selling.plan_seats (plan_id, seat_no, seat_guid, section_no, row_label, seat_label, category, x, y)
           select $1, $2 + place, guid, section_no, row_label, seat_label, category, x, y
           from unnest($3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::float8[])
             with ordinality as file (guid, section_no, row_label, seat_label, category, x, y, place)`,
    values: [
      ...[planId, from, column('guid'), column('sectionNo'), column('row')],
      ...[column('seat'), column('category'), column('x'), column('y')]
    ]
  })
}
