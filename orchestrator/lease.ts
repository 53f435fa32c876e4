import type { Tx } from '../chassis/postgres.ts'

/** Long enough to be renewed once a failover is over; the purchases of a process that died stand still for so long. */
export const LEASE_SECONDS = 20
/** How often whoever moves a purchase says that it still does: a step may take as long as the services behind it. */
export const RENEW_MS = 5_000

/**
 * @param owner - Of this taking alone, and made before it is first tried: a
 *   repeat after an unknown outcome then finds its own lease, and does not wait for itself.
 * @returns Whether this owner may move the purchase now. Gives way to whoever does.
 */
export async function takeLease(tx: Tx, purchaseId: string, owner: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'take-lease',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2), leased_by = $3
           where purchase_id = $1 and (leased_until is null or leased_until < clock_timestamp() or leased_by = $3)`,
    values: [purchaseId, LEASE_SECONDS, owner]
  })
  return rowCount === 1
}

/** For the owner that is not done yet. One that was given back, or is another's by now, stays so. @returns Whether it is still this owner's. */
export async function renewLease(tx: Tx, purchaseId: string, owner: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'renew-lease',
    text: `update purchase.purchases
           set leased_until = clock_timestamp() + make_interval(secs => $2)
           where purchase_id = $1 and leased_until is not null and leased_by = $3`,
    values: [purchaseId, LEASE_SECONDS, owner]
  })
  return rowCount === 1
}
