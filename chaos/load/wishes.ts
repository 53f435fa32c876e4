import type { Op } from '../history.ts'
import { randomFrom } from '../random.ts'
import type { Halls } from './load.ts'

export interface Wish {
  op: Extract<Op, 'sale' | 'hold'>
  showId: number
  seatNos: number[]
  /** How many times it is asked for once more, all at once, by somebody who was told «yes». */
  again: number
  /** Somebody who was told «yes» looks at the map afterwards. */
  looks: boolean
}

type Choice = Pick<Wish, 'showId' | 'seatNos'>

/** Of each kind, one in so many commands is for seats that others want at the same time. */
const CONTESTED_EVERY = 4
/** So many seats are wanted by all of them; the next ones come into reach one by one. */
const CONTESTED_SEATS = 8
const PAIRS_SHARE = 0.3
const AGAIN_SHARE = 0.1
const AGAIN_TWICE_SHARE = 0.05
const LOOKS_SHARE = 0.2

/** An endless row of commands of each kind, the same for the same seed. */
export function wishes(seed: number, { calmShowIds, contestedShowId, seatsPerShow }: Halls): (op: Wish['op']) => Wish {
  const random = randomFrom(seed)
  const asked = { hold: 0, sale: 0 }
  let calmSeats = 0
  let contestedFrom = 0

  return (op) => {
    const seats = random() < PAIRS_SHARE ? 2 : 1
    const choice = ++asked[op] % CONTESTED_EVERY === 0 ? contested(seats) : calm(seats)
    return { op, ...choice, again: againBy(random()), looks: random() < LOOKS_SHARE }
  }

  /** Seats that nobody else asks for, show after show. */
  function calm(seats: number): Choice {
    const place = calmSeats % seatsPerShow
    const first = place + seats > seatsPerShow ? calmSeats + (seatsPerShow - place) : calmSeats
    calmSeats = first + seats
    const showId = calmShowIds[Math.floor(first / seatsPerShow)]
    if (showId === undefined) throw new Error('every seat that buyers could want was wanted')
    return { showId, seatNos: Array.from({ length: seats }, (_, i) => (first % seatsPerShow) + i + 1) }
  }

  /** Half a seat further each time: every seat is wanted by about sixteen. */
  function contested(seats: number): Choice {
    contestedFrom = (contestedFrom + 0.5) % (seatsPerShow - CONTESTED_SEATS - seats)
    const first = Math.floor(contestedFrom) + Math.floor(random() * CONTESTED_SEATS) + 1
    return { showId: contestedShowId, seatNos: Array.from({ length: seats }, (_, i) => first + i) }
  }
}

function againBy(chance: number): number {
  if (chance < AGAIN_TWICE_SHARE) return 2
  return chance < AGAIN_TWICE_SHARE + AGAIN_SHARE ? 1 : 0
}
