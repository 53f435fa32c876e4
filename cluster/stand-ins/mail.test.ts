import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import t, { type Test } from 'tap'
import { givenProcess } from './given-process.ts'
import { linksOf } from './mail/read-mail.ts'

const HOST = `127.103.${(process.pid % 250) + 1}.8`
const WEB = `http://${HOST}:8025`
const MAIN = 'cluster/stand-ins/mail.main.ts'
const PDF = Buffer.from('%PDF-1.7 not much of one')

const LETTER = {
  messageId: '<order-1@shop.example>',
  from: 'Tiquetera <no-responder@shop.example>',
  to: 'Ana <ana@example.cl>',
  subject: 'Tus entradas: Ñandú & <b>Amigos</b>',
  text: 'Hola. Tus entradas: http://shop.example/mis-entradas/abc.def',
  html: '<p>Hola</p><script>alert(1)</script><a href="http://shop.example/a?b=1&amp;c=2">ver</a>',
  attachments: [{ filename: 'entradas ñ.pdf', content: PDF, contentType: 'application/pdf' }]
}

t.test('a mail that was accepted is in the mailbox, as it was sent', async (t) => {
  const { send } = await givenMailServer(t)

  await send(LETTER)

  const [mail] = await messages('?to=ANA@&subject=entradas')
  t.match(mail, {
    from: 'Tiquetera <no-responder@shop.example>',
    to: ['ana@example.cl'],
    subject: LETTER.subject,
    messageId: '<order-1@shop.example>',
    deliveries: 1,
    receivedAt: /^\d{4}-\d\d-\d\dT.*Z$/,
    attachments: [{ name: 'entradas ñ.pdf', type: 'application/pdf', size: PDF.length }]
  })
  const whole = await (await fetch(`${WEB}/api/messages/${mail!.id}`)).json()
  t.match(whole, { text: /mis-entradas\/abc\.def/, html: /<p>Hola/ })
  t.ok((whole as { headers: Array<{ key: string }> }).headers.some(({ key }) => key === 'Message-ID'))
  const file = await fetch(`${WEB}/api/messages/${mail!.id}/attachments/0`)
  t.equal(file.headers.get('content-type'), 'application/pdf')
  t.ok(Buffer.from(await file.arrayBuffer()).equals(PDF))
  t.equal((await fetch(`${WEB}/api/messages/${mail!.id}/attachments/1`)).status, 404)
  t.strictSame(await messages('?to=nobody'), [])
})

t.test('a mail delivered twice is there twice, and counted by its Message-ID', async (t) => {
  const { send } = await givenMailServer(t)

  await send(LETTER)
  await send(LETTER)
  await send({ ...LETTER, messageId: '<order-2@shop.example>' })

  t.strictSame(
    (await messages()).map(({ deliveries }) => deliveries),
    [1, 2, 2]
  )
  t.equal((await messages('?limit=1')).length, 1)
  t.strictSame(await (await fetch(`${WEB}/api/deliveries`)).json(), { '<order-1@shop.example>': 2, '<order-2@shop.example>': 1 })
  await fetch(`${WEB}/api/messages`, { method: 'DELETE' })
  t.strictSame(await messages(), [])
})

t.test('what was accepted survives the death of the server', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'mailbox-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const { send, server } = await givenMailServer(t, { DATA_DIRECTORY: directory })
  await Promise.all(Array.from({ length: 20 }, (_, i) => send({ ...LETTER, messageId: `<${i}@shop.example>` })))

  await server.end('SIGKILL')
  const again = await givenMailServer(t, { DATA_DIRECTORY: directory })
  await again.send(LETTER)

  t.equal((await messages()).length, 21)
  t.equal((await fetch(`${WEB}/api/messages/${(await messages()).at(-1)!.id}`)).status, 200)
})

t.test('strange words are text, strange pages can do nothing, and every link is there to follow', async (t) => {
  const { send } = await givenMailServer(t)
  await send(LETTER)
  const [mail] = await messages()

  const [inbox, view, frame] = await Promise.all(
    ['/', `/messages/${mail!.id}`, `/messages/${mail!.id}/html`].map((path) => fetch(WEB + path))
  )
  const [inboxText, viewText] = [await inbox!.text(), await view!.text()]

  for (const text of [inboxText, viewText]) {
    t.match(text, 'Ñandú &amp; &lt;b&gt;Amigos&lt;/b&gt;')
    t.notMatch(text, /<b>|<script/)
  }
  t.match(viewText, '<iframe sandbox="allow-popups')
  t.match(viewText, 'href="http://shop.example/a?b=1&amp;c=2"')
  t.match(frame!.headers.get('content-security-policy'), /default-src 'none'.*sandbox allow-popups/)
  t.notMatch(frame!.headers.get('content-security-policy'), /allow-scripts|allow-same-origin/)
  t.strictSame(linksOf(LETTER), ['http://shop.example/mis-entradas/abc.def', 'http://shop.example/a?b=1&c=2'])
  t.equal((await fetch(`${WEB}/messages/${crypto.randomUUID()}`)).status, 404)
})

t.test('trouble comes when it is ordered, and goes', async (t) => {
  const { send } = await givenMailServer(t)
  const outcome = (mode: string) =>
    trouble(mode).then(() => send(LETTER).catch((err: { responseCode?: number }) => err.responseCode ?? 'no answer'))

  t.equal(await outcome('refuse'), 550)
  t.equal(await outcome('tempfail'), 451)
  t.equal(await outcome('hang'), 'no answer')
  t.strictSame(await messages(), [], 'nothing was kept')
  t.equal(await outcome('die'), 'no answer')
  t.equal((await messages()).length, 1, 'it was kept, and nobody heard')
  await send(LETTER)
  t.equal((await messages()).length, 2)
})

interface Listed {
  id: string
  deliveries: number
}

async function givenMailServer(t: Test, settings: Record<string, string> = {}) {
  const server = await givenProcess(t, MAIN, WEB, { SMTP_PORT: '2525', ...settings })
  const transport = nodemailer.createTransport({ host: HOST, port: 2525, ignoreTLS: true, socketTimeout: 1_000 })
  return { server, send: (letter: object): Promise<unknown> => transport.sendMail(letter) }
}

async function messages(query = ''): Promise<Listed[]> {
  return (await fetch(`${WEB}/api/messages${query}`)).json() as Promise<Listed[]>
}

async function trouble(mode: string): Promise<void> {
  const body = JSON.stringify({ mode, count: 1 })
  await fetch(`${WEB}/api/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}
