import assert from 'node:assert/strict'
import type { Pool } from 'mysql2/promise'
import { verdict } from '../chassis/consume.ts'
import { eventOf, failureOf } from '../chassis/delivery.ts'
import { isUnknown } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import { isMariadbDown, mariaTransaction } from '../chassis/mariadb.ts'
import { enterFailed } from './failed-register.ts'
import { countTry, findHeld, findOrdersWhoseTurnCame, type Held, leaveHeld } from './hold-register.ts'
import { lockSequence } from './order-sequence.ts'
import type { Reader } from './readers.ts'

const ORDERS_MAX = 20

/**
 * Does what is on hold and may be done: the way back from a crash between an
 * event and those that waited for it. @returns How many events were done.
 */
export async function replayHeldOnce(pool: Pool, log: Log, readers: Reader[]): Promise<number> {
  let done = 0
  for (const orderId of await findOrdersWhoseTurnCame(pool, ORDERS_MAX)) done += (await replayHeld(pool, log, readers, orderId)).length
  return done
}

/**
 * Does the events of an order that are on hold, in sequence, each in a
 * transaction of its own, until one is missing or fails. One that fails for good
 * goes to the failed register, and what is behind it stays on hold.
 *
 * @returns The ids of those that were done.
 */
export async function replayHeld(pool: Pool, log: Log, readers: Reader[], orderId: string): Promise<string[]> {
  const done: string[] = []
  for (;;) {
    const eventId = await replayNext(pool, log, readers, orderId)
    if (!eventId) return done
    done.push(eventId)
  }
}

async function replayNext(pool: Pool, log: Log, readers: Reader[], orderId: string): Promise<string | undefined> {
  let next: Held | undefined
  try {
    return await mariaTransaction(pool, async (tx) => {
      const last = await lockSequence(tx, orderId)
      next = await findHeld(tx, { orderId, sequence: last + 1 })
      if (!next) return undefined
      const reader = readerOf(readers, next.queue)
      await reader.take(tx, eventOf(reader.contract, next), next)
      return next.eventId
    })
  } catch (err) {
    if (!next || isMariadbDown(err) || isUnknown(err)) throw err
    await settle(pool, log, orderId, next, err)
    return undefined
  }
}

/** As it is for an event that comes from its queue: a fault is tried again, later; what cannot work is for a person. */
async function settle(pool: Pool, log: Log, orderId: string, { eventId, tries, ...delivery }: Held, err: unknown): Promise<void> {
  const next = verdict(err, tries + 1)
  log.warn({ err, eventId, orderId, attempt: tries + 1, next }, 'event on hold not handled')
  await mariaTransaction(pool, async (tx) => {
    await lockSequence(tx, orderId)
    if (next === 'retry') return countTry(tx, eventId)
    await enterFailed(tx, failureOf(delivery, err))
    await leaveHeld(tx, eventId)
  })
}

/** @throws AssertionError for a queue that nobody here reads. */
export function readerOf(readers: Reader[], queue: string): Reader {
  const reader = readers.find((each) => each.queue === queue)
  assert(reader, `nobody here reads ${queue}`)
  return reader
}
