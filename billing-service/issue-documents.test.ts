import { randomUUID } from 'node:crypto'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { mariaTransaction } from '../chassis/mariadb.ts'
import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { testMariadb } from '../db/test-database.ts'
import { issueDocuments } from './issue-documents.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'

const settings = { issuer: ISSUER, signing: sampleKey(), shopUrl: 'https://ticketflow.example' }

t.test('an order becomes one receipt, one ticket per line, the files to be made and one mail', async (t) => {
  const pool = await testMariadb(t)
  const order = sampleOrder()

  await issue(pool, order)

  t.strictSame(await rows(pool, 'select folio, net_clp, iva_clp, total_clp from receipts'), [
    { folio: 1, net_clp: 83_193, iva_clp: 15_807, total_clp: 99_000 }
  ])
  t.strictSame(await rows(pool, 'select line_no, show_id from tickets order by line_no'), [
    { line_no: 1, show_id: 7 },
    { line_no: 2, show_id: 7 }
  ])
  t.strictSame(await names(pool), ['receipt', 'ticket-1', 'ticket-2', 'tickets'])
  t.strictSame(await rows(pool, 'select type from notification_events'), [{ type: 'NotificacionCreada' }])
  t.strictSame(await rows(pool, 'select order_id from mails_due'), [{ order_id: order.orderId }])
})

t.test('the same event twenty times at once has one effect, and every repeat has committed a write', async (t) => {
  const pool = await testMariadb(t)
  const order = sampleOrder()
  const eventId = randomUUID()

  await Promise.all(Array.from({ length: 20 }, () => issue(pool, order, eventId)))

  t.strictSame(await counts(pool), { receipts: 1, tickets: 2, mails: 1, folio: 1 })
  t.strictSame(await rows(pool, 'select deliveries from inbox'), [{ deliveries: 20 }])
})

t.test('an order announced again under another event id is not issued again', async (t) => {
  const pool = await testMariadb(t)
  const order = sampleOrder()

  await issue(pool, order)
  await issue(pool, order)

  t.strictSame(await counts(pool), { receipts: 1, tickets: 2, mails: 1, folio: 1 })
  t.equal((await rows(pool, 'select 1 from inbox')).length, 2)
})

t.test('folios have no gap and no repeat under parallel orders, some of which fail between folio and commit', async (t) => {
  const pool = await testMariadb(t)
  const orders = Array.from({ length: 24 }, () => sampleOrder())
  const failing = orders.filter((_, i) => i % 3 === 0)

  const outcomes = await Promise.allSettled(orders.map((order) => issueOrFail(pool, order, failing.includes(order))))
  await Promise.all(failing.map((order) => issue(pool, order)))

  t.equal(outcomes.filter(({ status }) => status === 'rejected').length, failing.length)
  const folios = (await rows(pool, 'select folio from receipts order by folio')).map(({ folio }) => folio)
  t.strictSame(
    folios,
    orders.map((_, i) => i + 1)
  )
})

t.test('a free order has tickets and no receipt, and takes no folio', async (t) => {
  const pool = await testMariadb(t)

  await issue(pool, freeOrder())

  t.strictSame(await counts(pool), { receipts: 0, tickets: 1, mails: 1, folio: 0 })
  t.strictSame(await names(pool), ['ticket-1', 'tickets'])
})

t.test('an order whose lines are not its total is a bug: nothing of it stays', async (t) => {
  const pool = await testMariadb(t)

  await t.rejects(issue(pool, sampleOrder({ totalClp: 1 })), { code: 'ERR_ASSERTION' })

  t.strictSame(await counts(pool), { receipts: 0, tickets: 0, mails: 0, folio: 0 })
  t.strictSame(await rows(pool, 'select 1 from inbox'), [])
})

t.test('another story about an order that is documented is refused, and changes nothing', async (t) => {
  const pool = await testMariadb(t)
  const order = await issue(pool, sampleOrder())

  await t.rejects(issue(pool, { ...order, buyer: { ...order.buyer, name: 'Otra persona' } }), { code: 'ORDER_MISMATCH' })

  t.strictSame(await counts(pool), { receipts: 1, tickets: 2, mails: 1, folio: 1 })
})

t.test('a code that another order has is refused', async (t) => {
  const pool = await testMariadb(t)
  const { code } = await issue(pool, sampleOrder())

  await t.rejects(issue(pool, sampleOrder({ code })), { code: 'ORDER_CODE_TAKEN' })

  t.equal((await counts(pool)).receipts, 1)
})

async function issue(pool: Pool, order: OrdenCreada, eventId?: string): Promise<OrdenCreada> {
  await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(order, eventId), settings))
  return order
}

function issueOrFail(pool: Pool, order: OrdenCreada, fails: boolean): Promise<void> {
  return mariaTransaction(pool, async (tx) => {
    await issueDocuments(tx, eventOf(order), settings)
    if (fails) throw new Error('a fault between folio and commit')
  })
}

function freeOrder(): OrdenCreada {
  const line = { lineNo: 1, zoneNo: 1, section: 'Cancha', row: '', seat: '', ticketType: 'General', priceClp: 0 }
  return sampleOrder({ lines: [line], serviceFeeClp: 0, totalClp: 0 })
}

async function rows(pool: Pool, sql: string) {
  const [found] = await pool.query<RowDataPacket[]>(sql)
  return found.map((row) => ({ ...row }) as Record<string, unknown>)
}

async function names(pool: Pool): Promise<unknown[]> {
  return (await rows(pool, 'select name from documents order by name')).map(({ name }) => name)
}

async function counts(pool: Pool): Promise<Record<string, unknown>> {
  const [found] = await rows(
    pool,
    `select (select count(*) from receipts) as receipts, (select count(*) from tickets) as tickets,
            (select count(*) from mails_due) as mails, (select last from folios) as folio`
  )
  return found!
}
