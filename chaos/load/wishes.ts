import type { Op } from '../history.ts'
import { randomFrom } from '../random.ts'
import type { Halls, Load } from './load.ts'

export interface Wish {
  op: Extract<Op, 'sale' | 'hold'>
  showId: number
  seatNos: number[]
}

/** One in so many commands is for seats that others want at the same time. */
const CONTESTED_SHARE = 0.25
/** So many seats are wanted by all of them; the next ones come into reach one by one. */
const CONTESTED_SEATS = 8
const PAIRS_SHARE = 0.3

/** An endless row of commands, the same for the same seed. */
export function wishes(seed: number, { calmShowIds, contestedShowId, seatsPerShow }: Halls, load: Load): () => Wish {
  const random = randomFrom(seed)
  const salesShare = load.salesPerSecond / (load.salesPerSecond + load.holdsPerSecond)
  let calmSeats = 0
  let contestedFrom = 0

  return () => {
    const op = random() < salesShare ? 'sale' : 'hold'
    const seats = random() < PAIRS_SHARE ? 2 : 1
    return random() < CONTESTED_SHARE ? contested(op, seats) : calm(op, seats)
  }

  /** Seats that nobody else asks for, show after show. */
  function calm(op: Wish['op'], seats: number): Wish {
    const place = calmSeats % seatsPerShow
    const first = place + seats > seatsPerShow ? calmSeats + (seatsPerShow - place) : calmSeats
    calmSeats = first + seats
    const showId = calmShowIds[Math.floor(first / seatsPerShow)]
    if (showId === undefined) throw new Error('every seat that buyers could want was wanted')
    return { op, showId, seatNos: Array.from({ length: seats }, (_, i) => (first % seatsPerShow) + i + 1) }
  }

  /** Half a seat further each time: every seat is wanted by about sixteen. */
  function contested(op: Wish['op'], seats: number): Wish {
    contestedFrom = (contestedFrom + 0.5) % (seatsPerShow - CONTESTED_SEATS - seats)
    const first = Math.floor(contestedFrom) + Math.floor(random() * CONTESTED_SEATS) + 1
    return { op, showId: contestedShowId, seatNos: Array.from({ length: seats }, (_, i) => first + i) }
  }
}
