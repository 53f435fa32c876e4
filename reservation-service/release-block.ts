import type { Tx } from '../chassis/postgres.ts'
import type { Unblocked } from '../contracts/selling.ts'
import { findBlock } from './blocks.ts'
import { refuse } from './refusals.ts'
import { lockStock } from './stock.ts'

/**
 * Gives house seats back for sale, all that the block still keeps, and for good:
 * the same code blocks nothing again. Nobody else can have taken them meanwhile,
 * so a repeat gets the same number.
 *
 * @throws Refusal `SHOW_UNKNOWN` or `BLOCK_UNKNOWN`.
 */
export async function releaseBlock(tx: Tx, showCode: string, blockCode: string): Promise<Unblocked> {
  const { showId, block } = await findBlock(tx, showCode, blockCode)
  if (!block) throw refuse('BLOCK_UNKNOWN', { blockCode })
  await lockStock(tx, [{ showId, seatNos: block.seat_nos, zoneNos: [], quantities: [], typeNos: [] }])
  await freeSeats(tx, showId, block.block_id, block.seat_nos)
  return { showCode, blockCode, released: block.seat_nos.length }
}

/** Only what is still the block's: another release may have been faster, and others may have the seats since. */
async function freeSeats(tx: Tx, showId: number, blockId: string, seatNos: number[]): Promise<void> {
  await tx.query({
    name: 'free-blocked',
    text: `with block as (
             update selling.blocks
             set released_at = clock_timestamp()
             where block_id = $1 and released_at is null
           )
           update selling.seats
           set state = 'free', holder_id = null
           where show_id = $2 and seat_no = any($3) and state = 'blocked' and holder_id = $1`,
    values: [blockId, showId, seatNos]
  })
}
