import { randomUUID } from 'node:crypto'
import type { Processes, Reply } from './given-processes.ts'

/** For tests: many clients who want much the same at once, in reversed and overlapping order. */
export interface Crowd {
  clients: number
  requests: number
  showIds: number[]
  seats: number
  /** The same number is the same crowd, but for its ids. */
  seed: number
}

export interface Outcome {
  /** How often each answer was given: its status, and the code of a refusal. */
  answers: Record<string, number>
  /** What was answered with 200, by what was asked for. */
  acknowledged: Map<string, Reply>
  /** Requests whose connection broke, and which were sent again to another process. */
  broken: number
}

interface Asked {
  path: string
  body?: unknown
}

const BUYERS = 40
/** What two in three want, also when it is gone: two transactions have to wait for each other's seats often. */
const HOT_SEATS = 20
const TRIES_MAX = 20
const [SEATS_MAX, PLACES_MAX] = [5, 2]

/**
 * Sends everything, each client one request after the other: two in five are
 * holds, two are sales, one asks for the best seats. A hold is then paid,
 * released, extended or left.
 *
 * @param during - Called once, when half of it is answered.
 */
export async function rush(
  { clients, requests, showIds, seats, seed }: Crowd,
  { send }: Processes,
  during?: () => unknown
): Promise<Outcome> {
  const outcome: Outcome = { answers: {}, acknowledged: new Map(), broken: 0 }
  const random = dice(seed)
  const gone = new Set<number>()
  let left = requests
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)))
  return outcome

  async function work(client: number): Promise<void> {
    while (left-- > 0) {
      if (left === Math.floor(requests / 2)) during?.()
      const asked = wish()
      const { status, text } = await ask(client, 'PUT', asked)
      if (status === 200 && asked.path.startsWith('/holds/')) await goOn(client, asked.path, JSON.parse(text))
    }
  }

  function wish(): Asked {
    const id = randomUUID()
    const showId = showIds[random(showIds.length)]!
    const [kind, buyer] = [random(5), { name: 'Ana', email: `buyer-${random(BUYERS)}@example.cl` }]
    if (kind === 0) return { path: `/sales/${id}`, body: { showId, best: { quantity: 1 + random(4) }, buyer, language: 'es' } }
    const places = somePlaces()
    const choice = { showId, seatNos: places.length > 0 && random(3) === 0 ? [] : someSeats(), places }
    return kind < 3 ? { path: `/holds/${id}`, body: choice } : { path: `/sales/${id}`, body: { ...choice, buyer, language: 'es' } }
  }

  function someSeats(): number[] {
    const first = 1 + random((random(3) === 0 ? seats : HOT_SEATS) - SEATS_MAX)
    const run = Array.from({ length: 1 + random(SEATS_MAX) }, (_, i) => first + i)
    return random(2) ? run.reverse() : run
  }

  function somePlaces(): Array<{ zoneNo: number; quantity: number }> {
    const zones = [1, 2].slice(0, random(3)).map((zoneNo) => ({ zoneNo, quantity: 1 + random(PLACES_MAX) }))
    return random(2) ? zones.reverse() : zones
  }

  async function goOn(client: number, path: string, { holdId, totalClp }: { holdId: string; totalClp: number }): Promise<void> {
    const kind = random(10)
    const buyer = { name: 'Ana', email: `buyer-${random(BUYERS)}@example.cl` }
    if (kind < 5) await ask(client, 'PUT', { path: `/orders/${randomUUID()}`, body: { holdId, buyer, language: 'es', totalClp } })
    else if (kind < 7) await ask(client, 'DELETE', { path })
    else if (kind < 8) await ask(client, 'PUT', { path: `${path}/extension` })
  }

  /** Whoever has no answer asks again with the same id. */
  async function ask(client: number, method: string, asked: Asked): Promise<Reply> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const process = (client + tries) % 2
      if (gone.has(process)) continue
      const reply = await send(process, method, asked.path, asked.body).catch(() => undefined)
      if (reply) return note(method, asked.path, reply)
      gone.add(process)
      outcome.broken++
    }
    throw new Error(`no process answers to ${asked.path}`)
  }

  function note(method: string, path: string, reply: Reply): Reply {
    const said = reply.status === 200 ? '200' : `${reply.status} ${JSON.parse(reply.text).code}`
    outcome.answers[said] = (outcome.answers[said] ?? 0) + 1
    if (reply.status === 200) outcome.acknowledged.set(`${method} ${path}`, reply)
    return reply
  }
}

/** Dice that fall the same way every time. @returns A whole number below the one it is asked for. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
