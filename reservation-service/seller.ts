import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import { COMMAND_MS_MAX } from '../chassis/deadlines.ts'
import { Refusal, unavailable } from '../chassis/errors.ts'
import { openPatience } from '../chassis/patience.ts'
import { orUnavailable, type Tx, transaction } from '../chassis/postgres.ts'
import type { Hold, Order, OrderRequest } from '../contracts/selling.ts'
import type { Wish } from '../contracts/values.ts'
import type { Availability } from './availability.ts'
import { runBatch, type Spent } from './batch.ts'
import { type Answer, type Command, holdCommand, orderCommand, type SaleOf, saleCommand } from './commands.ts'
import type { Outcome } from './decide.ts'
import { MADE_SINCE } from './decide-order.ts'
import type { Figures } from './figures.ts'
import { chosenIn, findHold, findHolds, type HoldRow } from './holds.ts'
import { type Done, type LaneLimits, openLanes } from './lanes.ts'
import { offerOthers } from './offer-others.ts'
import type { Show } from './read-show.ts'
import { openShows, type Shows } from './shows.ts'

/** Where the time of one command went, in milliseconds: for Server-Timing. */
export interface Timing extends Partial<Spent> {
  lane?: number
}

export interface Seller {
  hold: (holdId: string, wish: Wish, timing?: Timing) => Promise<Hold>
  order: (orderId: string, request: OrderRequest, timing?: Timing) => Promise<Order>
  /** Hold and order in one. */
  sell: (orderId: string, wish: Wish, request: SaleOf, timing?: Timing) => Promise<Order>
  /** What is held by it never changes; found before a transaction, which would keep a connection meanwhile. @throws Refusal `HOLD_UNKNOWN`. */
  showOf: (holdId: string, sinceMs?: number) => Promise<Show>
  /** A transaction of its own, done again until it found a writer and its outcome is known. */
  alone: <T>(work: (tx: Tx) => Promise<T>, sinceMs?: number) => Promise<T>
  shows: Shows
  waiting: () => number
}

export interface SellerOptions {
  /** Finds the primary's pool; asked again for every attempt, because a failover may lie between two. */
  writer: () => Pool
  holdSeconds: number
  /** What is free, as seen a moment ago: for offering others, never for deciding. */
  availability: Pick<Availability, 'of'>
  /** Told of every batch that was committed. */
  onBatch?: Figures['onBatch']
  limits?: Partial<LaneLimits>
}

const LIMITS: LaneLimits = {
  lanes: 2,
  batchMax: 64,
  waitingMax: 5_000,
  waitingPerShowMax: 2_000,
  answerMsMax: COMMAND_MS_MAX,
  triesMax: 10
}

const ORDER_TRIES_MAX = 5

/** The one way in which seats are held and sold: through lanes, in batches. */
export function openSeller({ writer, holdSeconds, availability, onBatch, limits }: SellerOptions): Seller {
  const { answerMsMax, waitingMax } = { ...LIMITS, ...limits }
  const patiently = openPatience({ answerMsMax, commandsMax: waitingMax })
  const shows = openShows(writer, patiently)
  const lanes = openLanes<Timed, Answer>({ ...LIMITS, ...limits }, run)

  return { hold, order, sell, alone, showOf, shows, waiting: lanes.waiting }

  async function hold(holdId: string, wish: Wish, timing: Timing = {}): Promise<Hold> {
    const sinceMs = performance.now()
    const command = holdCommand(holdId, wish, await shows.find(wish.showId, sinceMs))
    try {
      return (await enter(command, timing, sinceMs)) as Hold
    } catch (err) {
      throw err instanceof Refusal ? await offerOthers(err, command, availability) : err
    }
  }

  async function order(orderId: string, request: OrderRequest, timing: Timing = {}): Promise<Order> {
    const sinceMs = performance.now()
    for (let tries = 1; ; tries++) {
      const hold = await look(request.holdId, sinceMs, async (tx) => (await findHolds(tx, [request.holdId])).get(request.holdId))
      const show = hold && (await shows.find(hold.show_id, sinceMs))
      try {
        return (await enter(orderCommand(orderId, request, hold, hold && chosenIn(hold), show), timing, sinceMs)) as Order
      } catch (err) {
        if (err !== MADE_SINCE || tries === ORDER_TRIES_MAX) throw err
      }
    }
  }

  function alone<T>(work: (tx: Tx) => Promise<T>, sinceMs?: number): Promise<T> {
    return patiently(() => transaction(writer(), work), sinceMs)
  }

  /**
   * To know where a command belongs. Nobody is told what is read here: the
   * transaction that answers reads it again. That there is no such hold is told.
   */
  function look<T>(holdId: string, sinceMs: number | undefined, certainly: (tx: Tx) => Promise<T>): Promise<HoldRow | T> {
    return patiently(async () => {
      const holds = await findHolds(writer(), [holdId]).catch((err: unknown) => {
        throw orUnavailable(err)
      })
      return holds.get(holdId) ?? transaction(writer(), certainly)
    }, sinceMs)
  }

  async function showOf(holdId: string, sinceMs?: number): Promise<Show> {
    const hold = await look(holdId, sinceMs, (tx) => findHold(tx, holdId))
    const show = await shows.find(hold.show_id, sinceMs)
    assert(show, 'a hold has a show')
    return show
  }

  async function sell(orderId: string, wish: Wish, request: SaleOf, timing: Timing = {}): Promise<Order> {
    const sinceMs = performance.now()
    const command = saleCommand(orderId, wish, request, await shows.find(wish.showId, sinceMs))
    try {
      return (await enter(command, timing, sinceMs)) as Order
    } catch (err) {
      throw err instanceof Refusal ? await offerOthers(err, command, availability) : err
    }
  }

  function enter(command: Command, timing: Timing, sinceMs: number): Promise<Answer> {
    const onStart = (waitedMs: number) => {
      timing.lane = waitedMs
    }
    return lanes.enter(command.showId, { command, timing }, onStart, sinceMs)
  }

  async function run(timed: Timed[]): Promise<Array<Done<Answer>>> {
    const commands = timed.map(({ command }) => command)
    const { outcomes, spent } = await runBatch(writer(), commands, holdSeconds * 1_000)
    for (const { timing } of timed) Object.assign(timing, spent)
    onBatch?.(
      commands,
      outcomes,
      spent,
      timed.map(({ timing }) => timing.lane ?? 0)
    )
    return outcomes.map(doneBy)
  }
}

interface Timed {
  command: Command
  timing: Timing
}

function doneBy(outcome: Outcome): Done<Answer> {
  if ('hold' in outcome) return { answer: outcome.hold }
  if ('order' in outcome) return { answer: outcome.order }
  if ('stale' in outcome && outcome.stale === MADE_SINCE) return { error: MADE_SINCE }
  if ('stale' in outcome) return { again: unavailable('the best seats, for all who ask at once', outcome.stale) }
  if ('refusal' in outcome) return { error: outcome.refusal }
  throw new Error('an order of before has no lines')
}
