import { randomUUID } from 'node:crypto'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { unavailable } from '../chassis/errors.ts'
import { readLink } from '../chassis/link.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction } from '../chassis/mariadb.ts'
import { schemaOf } from '../contracts/contract.ts'
import { EntradasPedidas } from '../contracts/entradas-pedidas.ts'
import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { testMariadb } from '../db/test-database.ts'
import { deliverOnce } from './deliver-mails.ts'
import { mailServer } from './given-mail-server.ts'
import { issueDocuments } from './issue-documents.ts'
import { type Mailer, openMailer } from './mailer.ts'
import { readFile } from './read-documents.ts'
import { renderOnce } from './render-documents.ts'
import { openRenderers } from './renderers.ts'
import { eventOf, ISSUER, sampleKey, sampleOrder } from './sample-order.ts'
import { sendLinks } from './send-links.ts'

const log = createLog('test', 'fatal')
const renderers = openRenderers(1)
t.teardown(renderers.close)
const links = { publicUrl: 'https://ticketflow.example', linkSecret: 'secret' }
const settings = { issuer: ISSUER, signing: sampleKey(), shopUrl: links.publicUrl }

t.test('an order is mailed once, after its documents are rendered, with both of them and a link that works', async (t) => {
  const { pool, deliver, mails } = await given(t)
  const order = await issued(pool)

  t.equal(await deliver(), 0, 'nothing is due before the documents are there')
  await render(pool)
  await Promise.all([deliver(), deliver()])
  await deliver()

  const [mail, ...others] = await mails()
  t.strictSame(others, [])
  t.equal(mail?.subject, `Tus entradas para ${order.show.title} (orden ${order.code})`)
  t.match(mail?.to, [{ address: order.buyer.email }])
  t.match(mail?.messageId, /^<[0-9a-f-]{36}@ticketflow\.example>$/)
  t.strictSame(
    mail?.attachments.map(({ filename }) => filename),
    ['boleta-1.pdf', `entradas-${order.code}.pdf`]
  )
  for (const [index, name] of ['receipt', 'tickets'].entries()) {
    t.ok((await readFile(pool, order.orderId, name)).bytes.equals(Buffer.from(mail?.attachments[index]?.content as ArrayBuffer)), name)
  }
  const token = /mis-entradas\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? ''
  t.strictSame(readLink(links.linkSecret, token, new Date('2027-11-22T01:15:29Z')), { id: order.orderId })
  t.equal(readLink(links.linkSecret, token, new Date('2027-11-22T01:15:30Z')), 'expired')
  t.ok(mail?.html?.includes(`href="${links.publicUrl}/mis-entradas/${token}"`))
  t.strictSame(await story(pool), ['NotificacionCreada', 'NotificacionEnviada'])
})

t.test('a refusal for now is tried again later, and the mail is the same mail', async (t) => {
  const { pool, deliver, mails, answerWith } = await given(t)
  await issued(pool)
  await render(pool)

  answerWith(451)
  await deliver()
  t.equal(await deliver(), 0, 'it is not due at once')
  answerWith(0)
  await makeDue(pool)
  await deliver()

  t.equal((await mails()).length, 1)
  t.strictSame(await story(pool), ['NotificacionCreada', 'NotificacionFallida', 'NotificacionEnviada'])
})

t.test('a refusal for good ends the mail, and stays in its story', async (t) => {
  const { pool, deliver, mails, answerWith } = await given(t)
  await issued(pool)
  await render(pool)

  answerWith(550)
  await deliver()
  answerWith(0)
  await deliver()

  t.strictSame(await mails(), [])
  t.strictSame(await story(pool), ['NotificacionCreada', 'NotificacionFallida'])
  t.equal(await count(pool, 'mails_due'), 0)
})

t.test('a mail server that is away judges no mail: nothing is counted, and the mail goes when it is back', async (t) => {
  const { pool, deliver, mails, away, back } = await given(t)
  await issued(pool)
  await render(pool)

  await away()
  t.equal(await deliver(), 0)
  t.strictSame(await story(pool), ['NotificacionCreada'])
  await back()
  await makeDue(pool)
  await deliver()

  t.equal((await mails()).length, 1)
})

t.test('what was put off by a clock that has been put back since does not wait until that clock would have come to it', async (t) => {
  const { pool, deliver, mails } = await given(t)
  await issued(pool)
  const anHourAhead = 'utc_timestamp(3) + interval 1 hour'

  await pool.query(`update documents set leased_until = ${anHourAhead}`)
  await render(pool)
  await pool.query(`update mails_due set due_at = ${anHourAhead}, leased_until = ${anHourAhead}`)
  await deliver()

  t.equal((await mails()).length, 1)
})

t.test('who bought in English reads English, and a free order has no receipt to enclose', async (t) => {
  const { pool, deliver, mails } = await given(t)
  const line = { lineNo: 1, zoneNo: 1, section: 'Cancha', row: '', seat: '', ticketType: 'General', priceClp: 0 }
  await issued(pool, sampleOrder({ language: 'en', lines: [line], serviceFeeClp: 0, totalClp: 0 }))
  await render(pool)

  await deliver()

  const [mail] = await mails()
  t.match(mail?.text, /All set! Here is your ticket\./)
  t.match(mail?.text, /Total paid: Free/)
  t.match(mail?.html, /<html lang="en">/)
  t.equal(mail?.attachments.length, 1)
})

t.test('what people typed stays text: no header, no markup', async (t) => {
  const { pool, deliver, mails } = await given(t)
  const show = { ...sampleOrder().show, title: 'A\r\nBcc: x@example.com\r\n\r\n<script>alert(1)</script>' }
  await issued(pool, sampleOrder({ show, buyer: { name: '"><img src=x>', email: 'a@example.cl' } }))
  await render(pool)

  await deliver()

  const [mail] = await mails()
  t.notOk(mail?.bcc)
  t.notMatch(mail?.html, /<script|<img/)
})

t.test('who asks for lost tickets gets one mail with a link to each order, and a stranger gets nothing', async (t) => {
  const { pool, deliver, mails } = await given(t)
  const orders = [
    await issued(pool),
    await issued(pool),
    await issued(pool, sampleOrder({ buyer: { name: 'Otra', email: 'otra@example.cl' } }))
  ]
  await pool.query('delete from mails_due')

  for (const email of ['MARIA.nunez@example.cl', 'maria.nunez@example.cl', 'nadie@example.cl']) await ask(pool, email)
  const eventId = randomUUID()
  await Promise.all([ask(pool, 'nadie@example.cl', eventId), ask(pool, 'nadie@example.cl', eventId)])
  while ((await deliver()) > 0);

  const [mail, ...others] = await mails()
  t.strictSame(others, [])
  t.match(mail?.to, [{ address: 'maria.nunez@example.cl' }])
  const tokens = [...(mail?.text ?? '').matchAll(/mis-entradas\/(\S+)/g)].map(([, token]) => readLink(links.linkSecret, token!, new Date()))
  t.strictSame(tokens.map((link) => (typeof link === 'object' ? link.id : link)).sort(), [orders[0]!.orderId, orders[1]!.orderId].sort())
})

t.test('a mail whose outcome could not be written is sent once: it is written when the store is back', async (t) => {
  const { pool, mailer, mails } = await given(t)
  await issued(pool)
  await render(pool)
  let away = false
  const writer = () => {
    if (away) throw unavailable('the document store')
    return pool
  }
  const send: Mailer['send'] = async (...mail) => {
    const sent = await mailer.send(...mail)
    away = true
    setTimeout(() => {
      away = false
    }, 700)
    return sent
  }

  t.equal(await deliverOnce(writer, log, { ...mailer, send }, links), 1)

  t.equal((await mails()).length, 1)
  t.strictSame(await story(pool), ['NotificacionCreada', 'NotificacionEnviada'])
  t.equal(await count(pool, 'mails_due'), 0)
})

async function given(t: Test) {
  const pool = await testMariadb(t)
  const server = await mailServer(t)
  const mailer = openMailer(server.url, 'TicketFlow <entradas@ticketflow.example>')
  t.teardown(() => mailer.close())
  return { pool, mailer, ...server, deliver: () => deliverOnce(() => pool, log, mailer, links) }
}

async function issued(pool: Pool, order: OrdenCreada = sampleOrder()): Promise<OrdenCreada> {
  await mariaTransaction(pool, (tx) => issueDocuments(tx, eventOf(order), settings))
  return order
}

async function render(pool: Pool): Promise<void> {
  while ((await renderOnce(() => pool, log, renderers.render)) > 0);
}

async function ask(pool: Pool, email: string, id: string = randomUUID()): Promise<void> {
  const { type, source } = EntradasPedidas
  const data = { email, language: 'es' as const, askedAt: '2026-11-22T02:00:00.000Z' }
  const event = {
    specversion: '1.0' as const,
    id,
    source,
    type,
    subject: id,
    time: data.askedAt,
    dataschema: schemaOf(EntradasPedidas),
    data
  }
  await mariaTransaction(pool, (tx) => sendLinks(tx, event))
}

async function makeDue(pool: Pool): Promise<void> {
  await pool.query('update mails_due set due_at = utc_timestamp(3)')
}

async function story(pool: Pool): Promise<string[]> {
  const [rows] = await pool.query<RowDataPacket[]>('select type from notification_events order by position')
  return rows.map(({ type }) => type)
}

async function count(pool: Pool, table: string): Promise<number> {
  const [[row]] = await pool.query<RowDataPacket[]>('select count(*) as n from ??', [table])
  return row?.n
}
