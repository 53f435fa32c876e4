import type { Duplex } from 'node:stream'
import { type ChannelModel, type ConfirmChannel, connect, type RecoveringChannelModel } from 'amqplib'
import type { Log } from './log.ts'

const CONNECT_MS_MAX = 3_000
const RECONNECT_MS_MAX = 5_000
const RECONNECT_JITTER = 0.5 // of each delay: those who lost the broker together do not come back together
const HEARTBEAT_SECONDS = 10 // a frozen broker is noticed within two of them; its own suggestion is a minute

/**
 * A connection that comes back for as long as the process lives. `setup` runs
 * after every connect: topology, channels and consumers are made there, because
 * none of them survives the connection.
 */
export async function openBroker(
  url: string,
  log: Log,
  setup: (channel: ConfirmChannel) => Promise<void>
): Promise<RecoveringChannelModel> {
  const address = new URL(url)
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS))
  const broker = await connect(address.href, {
    timeout: CONNECT_MS_MAX,
    recovery: {
      maxDelay: RECONNECT_MS_MAX,
      jitter: RECONNECT_JITTER,
      maxRetries: Number.POSITIVE_INFINITY,
      waitForConnect: false,
      setup: openChannel
    }
  })
  broker.on('error', (err) => log.warn({ err }, 'broker'))
  broker.on('disconnect', (err) => log.warn({ err }, 'broker lost'))
  broker.on('connect-failed', (err) => log.warn({ err }, 'broker not reached'))
  return broker

  async function openChannel(model: ChannelModel): Promise<void> {
    model.on('error', () => {}) // until the recovery listens; what fails before is its business too
    const channel = await model.createConfirmChannel()
    channel.on('error', (err) => log.error({ err }, 'channel lost'))
    channel.on('close', () => {
      model.close().catch(() => {}) // one life for both: the next connection sets both up
    })
    await setup(channel)
  }
}

/**
 * Gives up a channel that did not answer in time, and its connection with it: the
 * next one is set up anew. Not closed with a word, because the broker that would
 * have to answer that word is the one that says nothing.
 */
export function abandon(channel: ConfirmChannel): void {
  const { stream } = (channel as unknown as { connection: { stream: Duplex } }).connection
  stream.destroy(new Error('the broker did not answer in time'))
}
