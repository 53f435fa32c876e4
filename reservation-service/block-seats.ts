import assert from 'node:assert/strict'
import type { Tx } from '../chassis/postgres.ts'
import type { Block, BlockRequest } from '../contracts/selling.ts'
import { type BlockRow, findBlock } from './blocks.ts'
import { fingerprintOf } from './fingerprint.ts'
import { refuse } from './refusals.ts'
import { isFree, type LockedSeat, lockStock } from './stock.ts'

/**
 * Keeps house seats from sale, all of them or none, until they are released. A
 * hold that has run out is a free seat; a live one is somebody's. Which seats are
 * left beside them is the producer's business: no rule about orphans is asked.
 *
 * The order of locks is that of every sale: the seats ascending, then the
 * block's own code. A block does not change, so the same request again gets the
 * same answer.
 *
 * @throws Refusal `SHOW_UNKNOWN`, `SEAT_UNKNOWN`, `SEAT_TAKEN`, `BLOCK_MISMATCH` or `BLOCK_RELEASED`. Nothing is blocked.
 * @see docs/decisions/0004-lock-seats-in-order.md
 */
export async function blockSeats(tx: Tx, showCode: string, blockCode: string, request: BlockRequest): Promise<Block> {
  const { showId } = await findBlock(tx, showCode, blockCode)
  const offered = await findSeats(tx, showId, request.seats)
  const seatNos = offered.map(({ seat_no }) => seat_no)
  const stock = await lockStock(tx, [{ showId, seatNos, zoneNos: [], quantities: [], typeNos: [] }])
  const { block: known, now } = await findBlock(tx, showCode, blockCode) // after the locks: waiting for them may have outlived a hold
  const fingerprint = fingerprintOf(request)
  const answer = { showCode, blockCode, reason: request.reason, seatNos }
  if (!known) {
    mustExist(request, offered)
    mustBeFree([...(stock.seats.get(showId)?.values() ?? [])], now)
    if (await insertBlock(tx, showId, answer, fingerprint)) return answer
  }
  const standing = known ?? (await findBlock(tx, showCode, blockCode)).block // committed while ours waited for its insert
  assert(standing, 'a block that conflicts exists')
  mustBeSame(standing, fingerprint, blockCode)
  return answer
}

interface OfferedSeat {
  seat_guid: string
  seat_no: number
}

function mustExist({ seats }: BlockRequest, offered: OfferedSeat[]): void {
  const known = new Set(offered.map(({ seat_guid }) => seat_guid))
  const strangers = seats.filter((guid) => !known.has(guid))
  if (strangers.length > 0) throw refuse('SEAT_UNKNOWN', { seats: strangers })
}

function mustBeFree(seats: LockedSeat[], now: Date): void {
  const taken = seats.filter((seat) => !isFree(seat, now)).map(({ seat_no }) => seat_no)
  if (taken.length > 0) throw refuse('SEAT_TAKEN', { seatNos: taken })
}

function mustBeSame(block: BlockRow, fingerprint: string, blockCode: string): void {
  if (block.fingerprint !== fingerprint) throw refuse('BLOCK_MISMATCH', { blockCode })
  if (block.released_at) throw refuse('BLOCK_RELEASED', { blockCode })
}

/** Those that the show sells, ascending. */
async function findSeats(tx: Tx, showId: number, guids: string[]): Promise<OfferedSeat[]> {
  const { rows } = await tx.query<OfferedSeat>({
    name: 'find-seats-by-guid',
    text: `select t.seat_guid, x.seat_no
           from selling.shows s
           join selling.plan_seats t on t.plan_id = s.plan_id and t.seat_guid = any($2)
           join selling.seats x on x.show_id = s.show_id and x.seat_no = t.seat_no
           where s.show_id = $1
           order by x.seat_no`,
    values: [showId, guids]
  })
  return rows
}

/** Block and seats in one statement. @returns Whether the code was new. */
async function insertBlock(tx: Tx, showId: number, { blockCode, reason, seatNos }: Block, fingerprint: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'insert-block',
    text: `with block as (
             insert into selling.blocks (show_id, code, reason, fingerprint, seat_nos)
             values ($1, $2, $3, $4, $5)
             on conflict do nothing
             returning block_id
           ), seats as (
             update selling.seats
             set state = 'blocked', holder_id = block.block_id, held_until = null
             from block
             where show_id = $1 and seat_no = any($5)
           )
           select from block`,
    values: [showId, blockCode, reason, fingerprint, seatNos]
  })
  return rowCount === 1
}
