import type { Tx } from '../chassis/postgres.ts'
import { integers, type LockedZone } from './stock.ts'

/**
 * Gives back, in locked zones that are short of places, what holds that ran out
 * still occupy. Zones that are not short keep theirs: nobody misses them.
 *
 * @param short - Changed to what they are now.
 */
export async function reclaimPlaces(tx: Tx, short: LockedZone[], now: Date): Promise<void> {
  if (short.length === 0) return
  const { rows } = await tx.query<{ show_id: number; zone_no: number; held: number }>({
    name: 'reclaim-places',
    text: `with gone as (
             delete from selling.zone_holds h
             using unnest($1::integer[], $2::integer[]) as short (show_id, zone_no)
             where h.show_id = short.show_id and h.zone_no = short.zone_no and h.held_until <= $3
             returning h.show_id, h.zone_no, h.quantity
           )
           update selling.show_zones z
           set held = z.held - g.quantity
           from (select show_id, zone_no, sum(quantity) as quantity from gone group by show_id, zone_no) g
           where z.show_id = g.show_id and z.zone_no = g.zone_no
           returning z.show_id, z.zone_no, z.held`,
    values: [integers(short.map((zone) => zone.show_id)), integers(short.map((zone) => zone.zone_no)), now]
  })
  for (const { show_id: showId, zone_no: zoneNo, held } of rows) {
    const zone = short.find((zone) => zone.show_id === showId && zone.zone_no === zoneNo)!
    zone.held = held
    zone.held_before = held
  }
}

/** The zones in which a hold still occupies its places, also when it ran out and nobody has missed them yet. */
export type OwnPlaces = Map<string, Set<number>>

/** Read after the zones are locked: nobody else gives places back without that lock. */
export async function readOwnPlaces(tx: Tx, holdIds: string[]): Promise<OwnPlaces> {
  const own: OwnPlaces = new Map()
  if (holdIds.length === 0) return own
  const { rows } = await tx.query<{ hold_id: string; zone_no: number }>({
    name: 'read-own-places',
    text: 'select hold_id, zone_no from selling.zone_holds where hold_id = any($1::uuid[])',
    values: [holdIds]
  })
  for (const { hold_id: holdId, zone_no: zoneNo } of rows) own.set(holdId, (own.get(holdId) ?? new Set()).add(zoneNo))
  return own
}
