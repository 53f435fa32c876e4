import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Instance } from '../cluster/instance.ts'
import { found, leaderOf } from './books.ts'
import type { Paper } from './evidence.ts'
import type { Watch } from './watch.ts'

const CONNECT_MS_MAX = 10_000

type Sale = Pick<Paper, 'orderId' | 'totalClp' | 'soldAt' | 'publishedAt'>
type Documents = Pick<Paper, 'orderId' | 'issuedAt' | 'renderedAt' | 'mailedAt'>

/** @returns When each order's documents came, in the order of the sales. */
export async function readPapers({ query }: Pick<Watch, 'query'>, { mariadbUrls }: Pick<Instance, 'mariadbUrls'>): Promise<Paper[]> {
  const sales = await readSales(query)
  const documentsOf = new Map((await readDocuments(mariadbUrls.nodes)).map((documents) => [documents.orderId, documents]))
  const nothing = { issuedAt: null, renderedAt: null, mailedAt: null }
  return sales.map((sale) => ({ ...sale, ...(documentsOf.get(sale.orderId) ?? nothing) }))
}

async function readSales(query: Watch['query']): Promise<Sale[]> {
  return query(async (client) => {
    const { rows } = await client.query<{ orderId: string; totalClp: number; soldAt: Date; publishedAt: Date | null }>(
      `select subject as "orderId", total_clp as "totalClp", time as "soldAt", published_at as "publishedAt"
       from selling.outbox join selling.orders on order_id = subject::uuid
       where type = 'OrdenCreada' order by position`
    )
    return rows.map(({ soldAt, publishedAt, ...sale }) => ({
      ...sale,
      soldAt: soldAt.toISOString(),
      publishedAt: publishedAt?.toISOString() ?? null
    }))
  })
}

async function readDocuments(nodes: string): Promise<Documents[]> {
  const uri = await leaderOf(nodes)
  const connection = await found(() => createConnection({ uri, connectTimeout: CONNECT_MS_MAX, timezone: 'Z' }))
  try {
    const [rows] = await connection.query<
      Array<RowDataPacket & Record<'issuedAt' | 'renderedAt' | 'mailedAt', Date | null> & { orderId: string }>
    >(
      `select orders.order_id as orderId, orders.seen_at as issuedAt,
              (select if(count(*) = count(rendered_at), max(rendered_at), null)
               from documents where documents.order_id = orders.order_id) as renderedAt,
              (select min(sent.at) from notification_events sent
               where sent.notification_id = created.notification_id and sent.type = 'NotificacionEnviada') as mailedAt
       from orders
       left join (select notification_id, json_value(data, '$.orderIds[0]') as order_id from notification_events
                  where type = 'NotificacionCreada' and json_value(data, '$.kind') = 'order') created
         on created.order_id = orders.order_id`
    )
    return rows.map(({ orderId, issuedAt, renderedAt, mailedAt }) => ({
      orderId,
      issuedAt: issuedAt?.toISOString() ?? null,
      renderedAt: renderedAt?.toISOString() ?? null,
      mailedAt: mailedAt?.toISOString() ?? null
    }))
  } finally {
    await connection.end()
  }
}
