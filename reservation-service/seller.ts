import assert from 'node:assert/strict'
import type { Pool } from 'pg'
import { Refusal, unavailable } from '../chassis/errors.ts'
import { type Tx, transaction, untilKnown } from '../chassis/postgres.ts'
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
  showOf: (holdId: string) => Promise<Show>
  /** A transaction of its own, repeated until its outcome is known. */
  alone: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
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
  answerMsMax: 5_000,
  triesMax: 10
}

const ORDER_TRIES_MAX = 5

/** The one way in which seats are held and sold: through lanes, in batches. */
export function openSeller({ writer, holdSeconds, availability, onBatch, limits }: SellerOptions): Seller {
  const shows = openShows(writer)
  const lanes = openLanes<Timed, Answer>({ ...LIMITS, ...limits }, run)
  const alone = <T>(work: (tx: Tx) => Promise<T>) => untilKnown(LIMITS.answerMsMax, () => transaction(writer(), work))

  return { hold, order, sell, alone, showOf, shows, waiting: lanes.waiting }

  async function hold(holdId: string, wish: Wish, timing: Timing = {}): Promise<Hold> {
    const command = holdCommand(holdId, wish, await shows.find(wish.showId))
    try {
      return (await enter(command, timing)) as Hold
    } catch (err) {
      throw err instanceof Refusal ? await offerOthers(err, command, availability) : err
    }
  }

  async function order(orderId: string, request: OrderRequest, timing: Timing = {}): Promise<Order> {
    for (let tries = 1; ; tries++) {
      const hold =
        (await lookUp(request.holdId)) ?? (await alone(async (tx) => (await findHolds(tx, [request.holdId])).get(request.holdId)))
      const show = hold && (await shows.find(hold.show_id))
      try {
        return (await enter(orderCommand(orderId, request, hold, hold && chosenIn(hold), show), timing)) as Order
      } catch (err) {
        if (err !== MADE_SINCE || tries === ORDER_TRIES_MAX) throw err
      }
    }
  }

  /** To know where a command belongs. Nobody is told what is read here: the transaction that answers reads it again. */
  async function lookUp(holdId: string): Promise<HoldRow | undefined> {
    const holds = await findHolds(writer(), [holdId]).catch((err: unknown) => {
      throw unavailable('the database', err)
    })
    return holds.get(holdId)
  }

  async function showOf(holdId: string): Promise<Show> {
    const hold = (await lookUp(holdId)) ?? (await alone((tx) => findHold(tx, holdId)))
    const show = await shows.find(hold.show_id)
    assert(show, 'a hold has a show')
    return show
  }

  async function sell(orderId: string, wish: Wish, request: SaleOf, timing: Timing = {}): Promise<Order> {
    const command = saleCommand(orderId, wish, request, await shows.find(wish.showId))
    try {
      return (await enter(command, timing)) as Order
    } catch (err) {
      throw err instanceof Refusal ? await offerOthers(err, command, availability) : err
    }
  }

  function enter(command: Command, timing: Timing): Promise<Answer> {
    return lanes.enter(command.showId, { command, timing }, (waitedMs) => {
      timing.lane = waitedMs
    })
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
