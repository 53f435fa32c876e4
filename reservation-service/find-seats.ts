import { isOn, turnOn } from '../chassis/packed-numbers.ts'
import { inTurn, type Tx, together } from '../chassis/postgres.ts'
import { findBest, mostTogether } from './best-available.ts'
import { chosenFor } from './choice.ts'
import type { Command } from './commands.ts'
import { findHolds } from './holds.ts'
import { orphansMade } from './no-orphan.ts'
import { findOrders } from './orders.ts'
import { readTakenSeats } from './read-availability.ts'
import type { IsTaken } from './seating.ts'
import { integers } from './stock.ts'

type Wanting = Exclude<Command, { does: 'order' }>

/**
 * Finds seats for those commands of a batch that ask for the best there are:
 * each gets others, on a map that is read behind a lock, so that nobody else
 * looks for the best of the same show meanwhile. Who chose seats by number does
 * not wait for that lock; the locks of the seats decide between them.
 */
export async function findSeats(tx: Tx, commands: Command[]): Promise<void> {
  const wanting = commands.filter(isSearch)
  const showIds = [...new Set(wanting.map(({ showId }) => showId))].sort((a, b) => a - b)
  const asked = together(
    tx,
    () => [lockSearch(tx, showIds), knownIds(tx, wanting), ...showIds.map((showId) => readTakenSeats(tx, showId))] as const
  )
  const [, known, ...maps] = await inTurn(asked)
  const takenIn = new Map(showIds.map((showId, i) => [showId, bitsOf(maps[i]!, wanting, showId)]))
  const before = new Map([...takenIn].map(([showId, bits]) => [showId, Buffer.from(bits)]))
  for (const command of wanting) {
    if (known.has(keyOf(command)))
      command.crowded = true // a repeat, of before or of this batch, looks for none
    else find(command, takenIn.get(command.showId)!, before.get(command.showId)!)
    known.add(keyOf(command))
  }
}

/** Whether a command asks for the best seats of a show that there is. */
export function isSearch(command: Command): command is Wanting {
  return command.does !== 'order' && command.best !== undefined && command.show !== undefined
}

/** The lowest class of locks: taken before any seat's, ascending. */
async function lockSearch(tx: Tx, showIds: number[]): Promise<void> {
  await tx.query({
    name: 'lock-search',
    text: `select pg_advisory_xact_lock(hashtext('best seats'), show_id) from unnest($1::integer[]) as wanted (show_id)`,
    values: [integers(showIds)]
  })
}

async function knownIds(tx: Tx, wanting: Wanting[]): Promise<Set<string>> {
  const [holds, orders] = await Promise.all([
    findHolds(
      tx,
      wanting.flatMap(({ does, id }) => (does === 'hold' ? id : []))
    ),
    findOrders(
      tx,
      wanting.flatMap(({ does, id }) => (does === 'sale' ? id : []))
    )
  ])
  return new Set([...[...holds.keys()].map((id) => `hold ${id}`), ...orders.map((row) => `sale ${row.order_id}`)])
}

function keyOf({ does, id }: Wanting): string {
  return `${does} ${id}`
}

function bitsOf(seatNos: string, wanting: Wanting[], showId: number): Buffer {
  const { places } = wanting.find((command) => command.showId === showId)!.show!.seating
  const bits = Buffer.alloc(Math.ceil(places.length / 8) + 1)
  turnOn(bits, seatNos)
  return bits
}

/** @param before - The map without what this batch has found so far, which those it was found for may not get. */
function find(command: Wanting, taken: Buffer, before: Buffer): void {
  const { seating, focus } = command.show!
  const isTaken: IsTaken = (seatNo) => isOn(taken, seatNo)
  const gone = soldElsewhere(command, isTaken)
  const seatNos = findBest(seating, gone, command.best!, focus)
  command.chosen = seatNos && chosenFor(command.showId, seatNos, command.best!.typeNos)
  const wasFree = () =>
    findBest(
      seating,
      soldElsewhere(command, (seatNo) => isOn(before, seatNo)),
      command.best!,
      focus
    ) !== undefined
  command.crowded = seatNos === undefined && wasFree()
  command.together = seatNos ? 0 : mostTogether(seating, gone, command.best!)
  command.strands = seatNos !== undefined && orphansMade(seating, isTaken, seatNos).length > 0
  for (const seatNo of seatNos ?? []) taken[(seatNo - 1) >> 3]! |= 1 << ((seatNo - 1) & 7)
}

/** A seat of a category that the show does not sell in the types asked for is as good as taken. */
function soldElsewhere({ best, show }: Wanting, isTaken: IsTaken): IsTaken {
  const { typeNos } = best!
  const { pricesClp, seats } = show!
  const closed = new Set(
    [...pricesClp].filter(([, ofType]) => typeNos?.some((no) => ofType[no] === undefined)).map(([category]) => category)
  )
  return closed.size === 0 ? isTaken : (seatNo) => isTaken(seatNo) || closed.has(seats.get(seatNo)!.category)
}
