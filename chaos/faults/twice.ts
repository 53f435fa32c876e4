import { type ConfirmChannel, connect } from 'amqplib'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { PoolClient } from 'pg'
import type { Instance } from '../../cluster/instance.ts'
import { type CloudEvent, EXCHANGE } from '../../contracts/contract.ts'
import { leaderOf } from '../books.ts'

/** What was published within the last so many seconds, as it was published. */
export async function publishedWithin(client: PoolClient, seconds: number): Promise<CloudEvent[]> {
  const { rows } = await client.query<CloudEvent>(
    `select '1.0' as specversion, event_id as id, source, type, subject, dataschema, data,
            to_char(time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
     from selling.outbox
     where published_at > clock_timestamp() - make_interval(secs => $1)
     order by position`,
    [seconds]
  )
  return rows
}

/** Publishes these once more under the same ids, and returns when a queue has taken all of them. */
export async function publishAgain({ brokerUrl }: Pick<Instance, 'brokerUrl'>, events: CloudEvent[]): Promise<void> {
  const broker = await connect(brokerUrl)
  try {
    const channel = await broker.createConfirmChannel()
    for (const event of events) send(channel, event)
    await channel.waitForConfirms()
  } finally {
    await broker.close()
  }
}

function send(channel: ConfirmChannel, { data, ...attributes }: CloudEvent): void {
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]))
  const options = { messageId: attributes.id, contentType: 'application/json', persistent: true, mandatory: true, headers }
  channel.publish(EXCHANGE, attributes.type, Buffer.from(JSON.stringify(data)), options)
}

/** @returns How many deliveries, ever, were of an event that had been handled before. */
export async function repeatedDeliveries({ mariadbUrls }: Pick<Instance, 'mariadbUrls'>): Promise<number> {
  const connection = await createConnection({ uri: await leaderOf(mariadbUrls.nodes) })
  try {
    const [[row]] = await connection.query<Array<RowDataPacket & { count: string }>>(
      'select coalesce(sum(deliveries - 1), 0) as count from inbox'
    )
    return Number(row!.count)
  } finally {
    await connection.end()
  }
}
