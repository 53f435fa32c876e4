import type { Availability, Snapshot } from './availability.ts'
import { isTaken } from './availability.ts'
import { findBest, mostTogether } from './best-available.ts'
import { chosenFor } from './choice.ts'
import type { Command } from './commands.ts'
import type { Outcome } from './decide.ts'
import { orphansMade } from './no-orphan.ts'

export interface SeatFinder {
  /** Finds seats for those commands that ask for the best there are: each gets others. The locks decide whether they get them. */
  find: (commands: Command[]) => Promise<Command[]>
  /** What the batch taught about seats that the map does not show yet. */
  learn: (commands: Command[], outcomes: Outcome[]) => void
}

type Wanting = Exclude<Command, { does: 'order' }>

/** A map older than this is read again before it is used. */
const MAP_MS_MAX = 1_000
/** Before somebody is told that there is nothing, the map is this fresh. */
const REFUSAL_MAP_MS_MAX = 300
/** Whoever lost seats to another process looks this many groups further, at most, per try: two that race do not meet again and again. */
const SKIPPED_PER_TRY = 6

const NOBODY: ReadonlySet<number> = new Set()

/** Searches a map of a moment ago, and what was learned since. */
export function openSeatFinder(availability: Pick<Availability, 'of'>): SeatFinder {
  /** Seats taken since, by show: when that was learned, on this process's clock. */
  const taken = new Map<number, Map<number, number>>()
  /** Shows whose map has proved wrong. */
  const wrong = new Set<number>()
  return { find, learn }

  async function find(commands: Command[]): Promise<Command[]> {
    const given = new Map<number, Set<number>>()
    for (const command of commands) {
      if (command.does === 'order' || !command.best || !command.show) continue
      const mine = given.get(command.showId) ?? new Set()
      given.set(command.showId, mine)
      const seatNos = await search(command, mine)
      command.chosen = seatNos && chosenFor(command.showId, seatNos, command.best.typeNos)
      for (const seatNo of seatNos ?? []) mine.add(seatNo)
    }
    return commands
  }

  async function search(command: Wanting, given: Set<number>): Promise<number[] | undefined> {
    const map = await availability.of(command.showId, wrong.delete(command.showId) ? 0 : MAP_MS_MAX)
    const found = map && searchOn(map, command, given)
    if (found) return found
    const newer = await availability.of(command.showId, REFUSAL_MAP_MS_MAX)
    const late = newer && searchOn(newer, command, given)
    if (newer && !late) sayWhatIsLeft(newer, command, given)
    return late
  }

  function searchOn(map: Snapshot, command: Wanting, given: ReadonlySet<number>): number[] | undefined {
    const { seating, focus } = command.show!
    const skipped = new Set<number>()
    const gone = goneFor(command, map, given)
    let skips = command.tries === 0 ? 0 : Math.floor(Math.random() * SKIPPED_PER_TRY * command.tries)
    for (let last: number[] | undefined; ; skips--) {
      const found = findBest(seating, (seatNo) => gone(seatNo) || skipped.has(seatNo), command.best!, focus)
      if (found && skips > 0) {
        last = found
        for (const seatNo of found) skipped.add(seatNo)
        continue
      }
      const best = found ?? last
      command.strands = best !== undefined && orphansMade(seating, gone, best).length > 0
      return best
    }
  }

  function sayWhatIsLeft(map: Snapshot, command: Wanting, given: ReadonlySet<number>): void {
    command.crowded = given.size > 0 && searchOn(map, command, NOBODY) !== undefined
    command.together = mostTogether(command.show!.seating, goneFor(command, map, given), command.best!)
  }

  /** Taken, promised to others, or where the show does not sell the types that are asked for. */
  function goneFor({ best, show }: Wanting, map: Snapshot, given: ReadonlySet<number>): (seatNo: number) => boolean {
    const since = learnedSince(map)
    const gone = (seatNo: number) => isTaken(map, seatNo) || given.has(seatNo) || since.has(seatNo)
    const { pricesClp, seats } = show!
    const closed = new Set(
      best!.typeNos &&
        [...pricesClp].filter(([, ofType]) => best!.typeNos!.some((no) => ofType[no] === undefined)).map(([category]) => category)
    )
    return closed.size === 0 ? gone : (seatNo) => gone(seatNo) || closed.has(seats.get(seatNo)!.category)
  }

  function learnedSince({ showId, atMs }: Snapshot): Map<number, number> {
    const ofShow = taken.get(showId) ?? new Map<number, number>()
    for (const [seatNo, learnedMs] of ofShow) if (learnedMs < atMs) ofShow.delete(seatNo)
    return ofShow
  }

  function learn(commands: Command[], outcomes: Outcome[]): void {
    outcomes.forEach((outcome, i) => {
      const command = commands[i]!
      if (command.does === 'order' || !command.best) return
      if ('stale' in outcome) {
        command.tries++
        wrong.add(command.showId)
      }
      const ofShow = taken.get(command.showId) ?? new Map<number, number>()
      taken.set(command.showId, ofShow)
      for (const seatNo of seatsGiven(outcome)) ofShow.set(seatNo, performance.now())
    })
  }
}

/** A repeat of a command gets what it got before, not what was found for it now. */
function seatsGiven(outcome: Outcome): number[] {
  if ('hold' in outcome) return outcome.hold.seatNos
  return 'order' in outcome ? outcome.order.lines.flatMap(({ seatNo }) => seatNo ?? []) : []
}
