import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { PoolClient, QueryResultRow } from 'pg'
import { createLog } from '../chassis/log.ts'
import { watchMariadb } from '../chassis/mariadb-writer.ts'
import { watchPrimary } from '../chassis/primary.ts'
import type { Instance } from '../cluster/instance.ts'

const FIND_MS_MAX = 10_000
const FIND_PAUSE_MS = 200

/** Everything both databases and the mailbox say about what was sold, in rows. Pure data: a test writes it by hand. */
export interface Books {
  /** Seats marked sold, with who holds them. */
  seats: Array<{ showId: number; seatNo: number; orderId: string | null }>
  /** Lines of orders: numbered seats have a seatNo, places a zoneNo. */
  lines: Array<{ orderId: string; lineNo: number; showId: number; seatNo: number | null; zoneNo: number | null; priceClp: number }>
  zones: Array<{ showId: number; zoneNo: number; sold: number }>
  orders: Array<{ orderId: string; state: 'made' | 'void'; serviceFeeClp: number; totalClp: number }>
  events: Array<{ eventId: string; type: string; orderId: string; published: boolean }>
  /** Paid purchases and what became of them. */
  purchases: Array<{ purchaseId: string; state: string }>
  inbox: Array<{ eventId: string; type: string; deliveries: number }>
  receipts: Array<{ folio: number; orderId: string; totalClp: number; issuedAt: string }>
  /** The last folio that was taken. */
  lastFolio: number
  tickets: Array<{ orderId: string; lineNo: number }>
  /** Mails of one order's documents, by their notification. */
  notifications: Array<{ notificationId: string; orderId: string; messageIds: string[] }>
  failedEvents: Array<{ eventId: string; reason: string }>
  heldEvents: Array<{ eventId: string; orderId: string }>
  /** What an operator gave up, with who it was and why. */
  discardedEvents: Array<{ eventId: string; type: string | null; orderId: string | null; by: string; reason: string }>
  mailbox: {
    /** One per delivery; a Message-ID may stand here twice. */
    messageIds: string[]
    /** The mailbox keeps a bounded number of mails: when it is full, one that is missing may have been dropped. */
    full: boolean
  }
}

/**
 * Everything an instance has written down, as of now. Selling and documents are
 * two databases, so a sale in progress may stand in one and not yet in the other.
 */
export async function readBooks(instance: Instance): Promise<Books> {
  const documents = await readDocuments(instance.mariadbUrls.nodes) // first: what is documented was sold before
  return { ...documents, ...(await readSales(instance.postgresUrls.owner)), mailbox: await readMailbox(instance.mailUrl) }
}

type Sales = Pick<Books, 'seats' | 'lines' | 'zones' | 'orders' | 'events' | 'purchases'>
type Documents = Pick<
  Books,
  'inbox' | 'receipts' | 'lastFolio' | 'tickets' | 'notifications' | 'failedEvents' | 'heldEvents' | 'discardedEvents'
>

async function readSales(nodes: string): Promise<Sales> {
  const primary = watchPrimary(nodes, createLog('ledger', 'fatal'))
  try {
    const client = await found(() => primary.pool().connect())
    await client.query('begin isolation level repeatable read read only')
    const sales = await querySales(client)
    client.release(true)
    return sales
  } finally {
    await primary.close()
  }
}

async function querySales(client: PoolClient): Promise<Sales> {
  const rows = async <Row extends QueryResultRow>(text: string) => (await client.query<Row>(text)).rows
  return {
    seats: await rows(`select show_id as "showId", seat_no as "seatNo", holder_id as "orderId" from selling.seats where state = 'sold'`),
    lines:
      await rows(`select order_id as "orderId", line_no as "lineNo", show_id as "showId", seat_no as "seatNo", null as "zoneNo", price_clp as "priceClp"
                       from selling.sold_seats
                       union all
                       select order_id, line_no, show_id, null, zone_no, price_clp from selling.sold_places`),
    zones: await rows('select show_id as "showId", zone_no as "zoneNo", sold from selling.show_zones'),
    orders: await rows(
      `select order_id as "orderId", state, service_fee_clp as "serviceFeeClp", total_clp as "totalClp" from selling.orders`
    ),
    events: await rows(
      `select event_id as "eventId", type, subject as "orderId", published_at is not null as published from selling.outbox`
    ),
    purchases: await rows('select purchase_id as "purchaseId", state from purchase.purchases')
  }
}

/** A cluster that has just started may need a moment. */
export async function found<T>(look: () => T | Promise<T>): Promise<T> {
  for (const deadline = performance.now() + FIND_MS_MAX; ; await sleep(FIND_PAUSE_MS)) {
    try {
      return await look()
    } catch (err) {
      if (performance.now() > deadline) throw err
    }
  }
}

async function readDocuments(nodes: string): Promise<Documents> {
  const connection = await createConnection({ uri: await leaderOf(nodes), connectTimeout: FIND_MS_MAX, jsonStrings: true })
  const rows = async <Row>(text: string) => (await connection.query<Array<RowDataPacket & Row>>(text))[0]
  try {
    await connection.query('start transaction with consistent snapshot, read only')
    const [folio] = await rows<{ last: number }>("select last from folios where document = 'boleta'")
    return {
      inbox: await rows('select event_id as eventId, type, deliveries from inbox'),
      receipts: await rows(
        "select folio, order_id as orderId, total_clp as totalClp, cast(issued_at as char) as issuedAt from receipts where document = 'boleta'"
      ),
      lastFolio: folio?.last ?? 0,
      tickets: await rows('select order_id as orderId, line_no as lineNo from tickets'),
      notifications: notificationsOf(await rows('select notification_id as notificationId, type, data from notification_events')),
      failedEvents: await rows('select event_id as eventId, reason from failed_events'),
      heldEvents: await rows('select event_id as eventId, order_id as orderId from held_events'),
      discardedEvents: await rows(
        `select event_id as eventId, json_value(headers, '$."cloudEvents:type"') as type, subject as orderId, discarded_by as \`by\`,
                discarded_for as reason
         from discarded_events`
      )
    }
  } finally {
    await connection.end()
  }
}

/** The node whose documents count, which need not be the one that led at the start. */
export async function leaderOf(nodes: string): Promise<string> {
  const store = watchMariadb(nodes, createLog('ledger', 'fatal'))
  try {
    return await found(() => store.url())
  } finally {
    await store.close()
  }
}

interface NotificationRow {
  notificationId: string
  type: string
  data: string
}

/** Mails about lost tickets are no order's: they are left out. */
function notificationsOf(rows: NotificationRow[]): Books['notifications'] {
  return [...Map.groupBy(rows, ({ notificationId }) => notificationId)].flatMap(([notificationId, events]) => {
    const read = events.map(({ type, data }) => ({
      type,
      data: JSON.parse(data) as { kind?: string; orderIds?: string[]; messageId?: string }
    }))
    const created = read.find(({ type }) => type === 'NotificacionCreada')?.data
    if (created?.kind !== 'order') return []
    const messageIds = read.flatMap(({ type, data }) => (type === 'NotificacionEnviada' && data.messageId ? [data.messageId] : []))
    return [{ notificationId, orderId: created.orderIds?.[0] ?? '', messageIds }]
  })
}

async function readMailbox(mailUrl: string): Promise<Books['mailbox']> {
  const response = await fetch(`${mailUrl}/api/messages`, { signal: AbortSignal.timeout(FIND_MS_MAX) })
  if (!response.ok) throw new Error(`the mailbox answered ${response.status}`)
  const mails = (await response.json()) as Array<{ messageId: string }>
  return { messageIds: mails.map(({ messageId }) => messageId), full: response.headers.get('x-mailbox-overflowed') === 'true' }
}
