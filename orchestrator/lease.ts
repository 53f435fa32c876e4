import type { Tx } from '../chassis/postgres.ts'

/** Long enough to be renewed once a failover is over; the purchases of a process that died stand still for so long. */
export const LEASE_SECONDS = 20
/** How often whoever moves a purchase says that it still does: a step may take as long as the services behind it. */
export const RENEW_MS = 5_000

/** @returns Whether this caller may move the purchase now. Gives way to whoever does. */
export async function takeLease(tx: Tx, purchaseId: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'take-lease',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2)
           where purchase_id = $1 and (leased_until is null or leased_until < clock_timestamp())`,
    values: [purchaseId, LEASE_SECONDS]
  })
  return rowCount === 1
}

/** For whoever has it and is not done yet. One that was given back stays so. */
export async function renewLease(tx: Tx, purchaseId: string): Promise<void> {
  await tx.query({
    name: 'renew-lease',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2)
           where purchase_id = $1 and leased_until is not null`,
    values: [purchaseId, LEASE_SECONDS]
  })
}
