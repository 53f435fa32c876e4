import { AssertionError } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import type { Contract } from '../contracts/contract.ts'
import { openBroker } from './broker.ts'
import { type Delivery, type EventOf, eventOf, type Failure, failureOf } from './delivery.ts'
import { Refusal } from './errors.ts'
import type { Log } from './log.ts'
import { attemptsOf, declareQueues } from './queues.ts'

const ATTEMPTS_MAX = 5
const RETRY_DELAY_MS = 10_000
const PREFETCH = 16
const REST_MS_MIN = 1_000
const REST_MS_MAX = 30_000

export interface Subscription<C extends Contract> {
  queue: string
  contract: C
  /** Applies the event in a transaction of its own, together with its inbox row: once, however often it arrives. */
  handle: (event: EventOf<C>, delivery: Delivery) => Promise<void>
  /** Writes the failed register. Idempotent by event id. */
  register: (failure: Failure) => Promise<void>
  database: {
    isDown: (err: unknown) => boolean
    /** Resolves when the database takes writes again. */
    up: () => Promise<void>
  }
  /** Part of the queue's declaration: the same for every process that reads it. */
  retryDelayMs?: number
}

/** A queue that is read for as long as the process lives, over every connection anew. */
export interface Reading {
  isConnected: () => boolean
  close: () => Promise<void>
}

export async function openReading<C extends Contract>(url: string, log: Log, subscription: Subscription<C>): Promise<Reading> {
  let connected = false
  const broker = await openBroker(url, log, async (channel) => {
    await consume(channel, log, subscription)
    channel.on('close', () => {
      connected = false
    })
    connected = true
  })
  return { isConnected: () => connected, close: () => broker.close() }
}

/**
 * Feeds every event of a contract to `handle`, at least once and in no order.
 *
 * A fault is tried again after {@link RETRY_DELAY_MS}, {@link ATTEMPTS_MAX}
 * times in all; a refusal, a bug and a fault that outlives its attempts go to
 * the failed register. While the database is down nothing is judged: the
 * consumer cancels itself, and the queue keeps the work. One that says it is up
 * and then takes nothing (its disk is full) is tried ever less often.
 */
export async function consume<C extends Contract>(channel: ConfirmChannel, log: Log, subscription: Subscription<C>): Promise<void> {
  const { queue, contract, handle, register, database } = subscription
  let consumerTag = ''
  let paused = false
  let restMs = 0
  await declareQueues(channel, queue, contract.type, subscription.retryDelayMs ?? RETRY_DELAY_MS)
  await channel.prefetch(PREFETCH)
  await resume()

  async function resume(): Promise<void> {
    paused = false
    const reply = await channel.consume(queue, (message) => {
      const lost = (err: unknown) => log.warn({ err, queue }, 'channel lost: the broker delivers again')
      if (message === null)
        channel.close().catch(lost) // the queue is gone: the next channel declares it anew
      else receive(message).catch(lost)
    })
    consumerTag = reply.consumerTag
  }

  async function receive(message: ConsumeMessage): Promise<void> {
    const delivery = { queue, headers: message.properties.headers ?? {}, body: message.content }
    try {
      await handle(eventOf(contract, delivery), delivery)
    } catch (err) {
      return settle(message, delivery, err)
    }
    channel.ack(message)
    restMs = 0
  }

  async function settle(message: ConsumeMessage, delivery: Delivery, err: unknown): Promise<void> {
    if (database.isDown(err)) return pause(message)
    const attempt = attemptsOf(message, queue) + 1
    const next = verdict(err, attempt)
    const failure = failureOf(delivery, err)
    log.warn({ err, eventId: failure.eventId, queue, attempt, next }, 'event not handled')
    if (next === 'retry') return channel.nack(message, false, false)
    await register(failure).then(
      () => channel.ack(message),
      (cause: unknown) => {
        log.error({ err: cause, eventId: failure.eventId, queue }, 'failed register not written')
        channel.nack(message, false, false)
      }
    )
  }

  /** Cancels first, so that what is handed back does not return at once. */
  async function pause(message: ConsumeMessage): Promise<void> {
    const cancelled = paused ? undefined : channel.cancel(consumerTag)
    paused = true
    channel.nack(message, false, true)
    if (!cancelled) return
    await cancelled
    log.warn({ queue }, 'database down: paused')
    await database.up()
    await sleep(restMs, undefined, { ref: false })
    restMs = Math.min(REST_MS_MAX, restMs * 2 || REST_MS_MIN)
    await resume()
    log.info({ queue }, 'database back: reading again')
  }
}

/** What becomes of an event that was not handled while the database was up. */
export function verdict(err: unknown, attempt: number): 'retry' | 'register' {
  if (err instanceof Refusal) return 'register'
  if (err instanceof AssertionError) return 'register'
  return attempt < ATTEMPTS_MAX ? 'retry' : 'register'
}
