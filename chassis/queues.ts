import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import { EXCHANGE } from '../contracts/contract.ts'

const DELIVERIES_MAX = 20 // a message that kills its readers goes the way of a rejected one

/** The broker counts: a message sent round carries one `x-death` entry per queue and reason. */
export function attemptsOf(message: ConsumeMessage, queue: string): number {
  const deaths = message.properties.headers?.['x-death'] ?? []
  return deaths.filter((death) => death.queue === queue).reduce((sum, { count }) => sum + count, 0)
}

/** Replicated queues that hand a rejected message on with a confirm, so that no retry is lost on the way. */
const SAFE = { 'x-queue-type': 'quorum', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }

/** `queue` rejects into `queue.retry`, which waits and hands back. */
export async function declareQueues(channel: ConfirmChannel, queue: string, type: string, retryDelayMs: number): Promise<void> {
  const retry = `${queue}.retry`
  const into = (routingKey: string) => ({ durable: true, deadLetterExchange: '', deadLetterRoutingKey: routingKey })

  await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
  await channel.assertQueue(retry, { ...into(queue), messageTtl: retryDelayMs, arguments: SAFE })
  await channel.assertQueue(queue, { ...into(retry), arguments: { ...SAFE, 'x-delivery-limit': DELIVERIES_MAX } })
  await channel.bindQueue(queue, EXCHANGE, type)
}
