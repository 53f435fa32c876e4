import type { PoolClient } from 'pg'
import type { Scene } from '../scenario.ts'
import { type Bought, type Paid, unended } from './ends.ts'

/** Who died gives its purchases back when its leases end; then they are found by the next look, and taken on. */
const ENDS_MS_MAX = 60_000
const ANSWER_MS_MAX = 5_000

/** As the primary tells the time. */
export async function clock({ query }: Pick<Scene, 'query'>): Promise<string> {
  return query(async (client) => {
    const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now')
    return rows[0]!.now
  })
}

/**
 * Waits until every purchase that was begun since then, and before now, has come
 * to an end in which nobody has paid for nothing. Their browsers are gone or told.
 *
 * @param since - As {@link clock} says it.
 */
export async function everyPurchaseEnds(scene: Scene, since: string): Promise<void> {
  const until = await clock(scene)
  const beganMs = performance.now()
  let odd = ['nobody looked']
  await scene
    .eventually('the end of every purchase', ENDS_MS_MAX, async () => {
      odd = unended(await scene.query((client) => purchasesBegun(client, since, until)), await payments(scene))
      return odd.length === 0
    })
    .catch((err: Error) => odd.push(err.message))
  scene.figure('purchases ended after ms', Math.round(performance.now() - beganMs))
  scene.kept(`every purchase ends (${odd.join('; ')})`, odd.length === 0)
}

async function purchasesBegun(client: PoolClient, since: string, until: string): Promise<Bought[]> {
  const { rows } = await client.query<Bought>(
    `select purchase_id as "purchaseId", state, total_clp as "totalClp",
            array(select state from purchase.payments where payments.purchase_id = purchases.purchase_id) as payments,
            exists (select from selling.seats
                    where seats.show_id = purchases.show_id and seat_no = any(seat_nos) and holder_id = purchase_id
                      and seats.state = 'held' and seats.held_until > clock_timestamp()) as holds
     from purchase.purchases
     where made_at >= $1 and made_at < $2`,
    [since, until]
  )
  return rows
}

/** The newest of all, more than come in a run. */
async function payments({ instance }: Pick<Scene, 'instance'>): Promise<Paid[]> {
  const response = await fetch(`${instance.bankUrl}/api/transactions`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
  if (!response.ok) throw new Error(`the bank answered ${response.status}`)
  const transactions = (await response.json()) as Array<{ session_id: string; status: string; amount: number }>
  return transactions.map(({ session_id: purchaseId, status, amount: amountClp }) => ({ purchaseId, status, amountClp }))
}
