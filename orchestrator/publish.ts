import { setTimeout as sleep } from 'node:timers/promises'
import type { ConfirmChannel, Message } from 'amqplib'
import { abandon } from '../chassis/broker.ts'
import { unavailable } from '../chassis/errors.ts'
import { type CloudEvent, EXCHANGE } from '../contracts/contract.ts'

const CONFIRM_MS_MAX = 3_000

/**
 * Publishes events, each as a persistent message that some queue must take, and
 * waits for the broker's word on all of them.
 *
 * An unroutable message is returned and then confirmed all the same, so a
 * confirm alone proves nothing. What has no confirm in time is unknown: the
 * channel is given up, and whoever holds the events publishes them again with the
 * same ids. What the broker refuses (a nack) is left to be tried again as well.
 *
 * @returns The ids that a queue has taken for certain, and those that none takes. For the rest nobody knows.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md
 */
export async function publish(channel: ConfirmChannel, events: CloudEvent[]): Promise<{ taken: string[]; returned: string[] }> {
  const [confirmed, settled] = [new Set<string>(), new Set<string>()]
  const returned = new Set<string>()
  const onReturn = ({ properties }: Message) => returned.add(properties.messageId)
  const done = new AbortController()

  channel.on('return', onReturn)
  try {
    const window = events.map((event) =>
      send(channel, event)
        .then(() => confirmed.add(event.id))
        .finally(() => settled.add(event.id))
    )
    const late = sleep(CONFIRM_MS_MAX, undefined, { signal: done.signal }).catch(() => {})
    await Promise.race([Promise.allSettled(window), late])
  } finally {
    done.abort()
    channel.off('return', onReturn)
  }
  if (settled.size < events.length) abandon(channel)
  return { taken: [...confirmed].filter((id) => !returned.has(id)), returned: [...returned] }
}

/** @throws `unavailable` unless a queue has taken it for certain. */
export async function publishOne(channel: ConfirmChannel | undefined, event: CloudEvent): Promise<void> {
  if (!channel) throw unavailable('the broker')
  const { taken } = await publish(channel, [event])
  if (taken.length === 0) throw unavailable('the broker')
}

function send(channel: ConfirmChannel, { data, ...attributes }: CloudEvent): Promise<void> {
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]))
  return new Promise((resolve, reject) => {
    channel.publish(
      EXCHANGE,
      attributes.type,
      Buffer.from(JSON.stringify(data)),
      { messageId: attributes.id, contentType: 'application/json', persistent: true, mandatory: true, headers },
      (err: unknown) => (err ? reject(err) : resolve())
    )
  })
}
