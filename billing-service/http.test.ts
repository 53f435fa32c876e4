import { createHash, randomUUID } from 'node:crypto'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { Value } from 'typebox/value'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction, openMariadb } from '../chassis/mariadb.ts'
import { createServer } from '../chassis/server.ts'
import { Documents } from '../contracts/documents.ts'
import { testMariadb } from '../db/test-database.ts'
import { http } from './http.ts'
import { issueDocuments } from './issue-documents.ts'
import type { Job } from './make-document.ts'
import { renderOnce } from './render-documents.ts'
import { openRenderers } from './renderers.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'

const log = createLog('test', 'silent')
const renderers = openRenderers(1)
const settings = { issuer: ISSUER, signing: sampleKey(), shopUrl: 'https://ticketflow.example' }
const published = { keys: [{ kid: 'k1', kty: 'OKP' as const, crv: 'Ed25519' as const, x: 'x' }] }
t.teardown(renderers.close)

t.test('an order is pending until its last document is rendered, and then every file is there with its hash and its name', async (t) => {
  const { pool, get } = await given(t)
  const order = sampleOrder()
  const path = `/orders/${order.orderId}`
  t.strictSame((await get(`${path}/documents`)).json(), { orderId: order.orderId, state: 'pending', tickets: [], source: 'replica' })

  await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(order), settings))
  t.match((await get(`${path}/documents`)).json(), { state: 'pending', receipt: { folio: 1 }, tickets: [{ lineNo: 1 }, { lineNo: 2 }] })
  t.match((await get(`${path}/receipt.pdf`)).json(), { status: 409, code: 'DOCUMENT_PENDING' })
  t.equal(await renderOnce(() => pool, log, renderers.render), 4)

  const documents = (await get(`${path}/documents`)).json()
  t.ok(Value.Check(Documents, documents))
  t.match(documents, { state: 'ready', receipt: { folio: 1, totalClp: 99_000 }, source: 'replica' })
  for (const [file, name] of [
    ['receipt.pdf', 'boleta-1.pdf'],
    ['tickets.pdf', `entradas-${order.code}.pdf`],
    ['tickets/2.pdf', `entrada-${order.code}-2.pdf`]
  ]) {
    const { headers, rawPayload } = await get(`${path}/${file}`)
    t.match(headers, { 'content-type': 'application/pdf', 'content-disposition': `inline; filename="${name}"`, 'x-source': 'replica' })
    t.equal(headers.etag, `"${createHash('sha256').update(rawPayload).digest('hex')}"`)
    t.equal(rawPayload.toString('latin1', 0, 5), '%PDF-')
    t.equal((await get(`${path}/${file}`, { 'if-none-match': String(headers.etag) })).statusCode, 304)
  }
})

t.test('what does not exist is unknown, what is malformed is refused, and nobody comes in without the token', async (t) => {
  const { app, pool, get } = await given(t)
  const order = sampleOrder()
  await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(order), settings))
  const cases: Array<[path: string, status: number, code: string]> = [
    [`/orders/${randomUUID()}/receipt.pdf`, 404, 'DOCUMENT_UNKNOWN'],
    [`/orders/${order.orderId}/tickets/3.pdf`, 404, 'DOCUMENT_UNKNOWN'],
    [`/orders/${order.orderId}/tickets/0.pdf`, 400, 'BAD_INPUT'],
    [`/orders/${order.orderId}/tickets/x.pdf`, 400, 'BAD_INPUT'],
    ['/orders/7/documents', 400, 'BAD_INPUT'],
    ["/orders/'%20or%201=1/receipt.pdf", 400, 'BAD_INPUT'],
    ['/orders', 404, 'NO_SUCH_PAGE']
  ]

  for (const [path, status, code] of cases) t.match((await get(path)).json(), { status, code }, path)
  for (const headers of [{}, { authorization: 'Bearer other' }]) {
    for (const path of ['/ticket-keys', `/orders/${order.orderId}/documents`]) {
      t.match((await app.inject({ url: path, headers })).json(), { status: 401, code: 'NOT_ALLOWED' })
    }
  }
  t.strictSame((await get('/ticket-keys')).json(), published)
})

t.test('a store that is away is no answer about documents', async (t) => {
  const { get } = await given(t, 'mysql://nobody:none@127.106.7.1:3306/billing')

  t.match((await get(`/orders/${randomUUID()}/documents`)).json(), { status: 503, code: 'UNAVAILABLE' })
  t.match((await get(`/orders/${randomUUID()}/receipt.pdf`)).json(), { status: 503, code: 'UNAVAILABLE' })
})

t.test('two processes that render at once make every file once, and share the work', async (t) => {
  const { pool } = await given(t)
  for (let i = 0; i < 10; i++) await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(sampleOrder()), settings))
  let made = 0
  const counting = async (job: Job) => {
    made += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
    return Buffer.from(job.kind)
  }

  const stored = await Promise.all([
    renderOnce(() => pool, log, counting),
    renderOnce(() => pool, log, counting),
    renderOnce(() => pool, log, counting)
  ])

  t.equal(made, 40)
  t.equal(
    stored.reduce((sum, n) => sum + n),
    40
  )
})

t.test('a file that cannot be rendered comes back later and holds up no other; a lease that ran out is anybody’s', async (t) => {
  const { pool } = await given(t)
  await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(sampleOrder()), settings))
  const failing = async (job: Job) => {
    if (job.kind === 'receipt') throw new Error('no ink')
    return Buffer.from('x')
  }

  t.equal(await renderOnce(() => pool, log, failing), 3)
  t.equal(await renderOnce(() => pool, log, failing), 0, 'it waits before it is tried again')
  await pool.query('update documents set leased_until = utc_timestamp(3) - interval 1 second where rendered_at is null')
  t.equal(await renderOnce(() => pool, log, renderers.render), 1)

  const [rows] = await pool.query<RowDataPacket[]>("select attempts from documents where name = 'receipt'")
  t.equal(rows[0]?.attempts, 2)
})

async function given(t: Test, url?: string) {
  const pool: Pool = url ? openMariadb(url) : await testMariadb(t)
  if (url) t.teardown(() => pool.end())
  const app = createServer(log)
  await app.register(http, { pool, source: async () => 'replica' as const, published, token: 'token' })
  t.teardown(() => app.close())
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.inject({ url: path, headers: { authorization: 'Bearer token', ...headers } })
  return { app, pool, get }
}
