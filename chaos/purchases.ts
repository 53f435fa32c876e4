import type { PoolClient } from 'pg'
import type { Story } from './history.ts'
import type { Scene } from './scenario.ts'

const NAMED_MAX = 3

/**
 * Waits until every purchase that was begun before now has come to its end: at
 * most so many failed, and at least one that was begun after the fault struck did not.
 *
 * @returns The orders of those.
 */
export async function purchasesGoOn(scene: Scene, failedMax = 0): Promise<string[]> {
  const purchases = await scene.told('purchase')
  const failures = failuresIn(purchases)
  const bought = purchases.filter(({ invokedMs }) => invokedMs >= scene.struckMs()).flatMap(({ oks }) => oks[0]?.orderId ?? [])
  scene.kept(`at most ${failedMax} purchases fail (${someOf(failures)})`, failures.length <= failedMax)
  scene.must('somebody bought meanwhile', bought.length > 0)
  return bought
}

/** The first ones, and how many more there are. */
export function someOf(sentences: string[]): string {
  const more = sentences.length - NAMED_MAX
  return [...sentences.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** What buyers were told instead of what they wanted. */
export function failuresIn(stories: Story[]): string[] {
  return stories.filter(({ oks }) => oks.length === 0).map(({ last }) => last?.why ?? 'no answer')
}

/** @returns How many of these orders have no documents yet. */
export async function undocumented(client: PoolClient, orderIds: string[]): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from purchase.purchases where purchase_id = any($1) and state = 'ordered'`,
    [orderIds]
  )
  return rows[0]!.count
}
