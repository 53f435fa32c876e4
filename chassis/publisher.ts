import type { ConfirmChannel } from 'amqplib'
import { EXCHANGE } from '../contracts/contract.ts'
import { openBroker } from './broker.ts'
import type { Log } from './log.ts'

export interface Publisher {
  /**
   * The channel to publish on; none while the broker is away or short of memory
   * or disk: what is sent then it would neither take nor refuse.
   */
  channel: () => ConfirmChannel | undefined
  isConnected: () => boolean
  isBlocked: () => boolean
  close: () => Promise<void>
}

/** @param onReady - Called whenever there is a channel again. */
export async function openPublisher(url: string, log: Log, onReady: () => void = () => {}): Promise<Publisher> {
  let channel: ConfirmChannel | undefined
  let blocked = false

  const broker = await openBroker(url, log, async (opened) => {
    await opened.assertExchange(EXCHANGE, 'topic', { durable: true })
    opened.on('close', () => {
      channel = undefined
    })
    channel = opened
    blocked = false
    onReady()
  })
  broker.on('blocked', () => {
    log.warn('broker blocked')
    blocked = true
  })
  broker.on('unblocked', () => {
    log.info('broker unblocked')
    blocked = false
    onReady()
  })

  return {
    channel: () => (blocked ? undefined : channel),
    isConnected: () => channel !== undefined,
    isBlocked: () => blocked,
    close: () => broker.close()
  }
}
