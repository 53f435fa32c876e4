import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openBrowser } from './browser.ts'
import { readHtml } from './html.ts'
import { codeOf } from './import-plan.ts'

t.test('a form is read as a browser without JavaScript would send it', async (t) => {
  const { forms } = readHtml(`
    <form id="buy" action="/buy" method="post">
      <input type="hidden" name="id" value="a&amp;b">
      <label>Name <input name=person value='Ana "la"'></label>
      <input type="checkbox" name="seat" value="1"><input type="checkbox" name="seat" value="2" checked disabled>
      <select name="count"><option value="0">0</option><option value="2" selected>2</option></select>
      <button name="go" value="yes">Buy <b>now</b></button>
    </form>
    <input form="buy" name="outside" value="in">
    <script>document.write('<form action="/never">')</script>`)

  t.equal(forms.length, 1)
  t.match(forms[0], { action: '/buy', method: 'POST', buttons: [{ name: 'go', value: 'yes', text: 'Buy now' }] })
  t.strictSame(
    forms[0]!.fields.map(({ name, value, checked, disabled }) => [name, value, checked, disabled]),
    [
      ['id', 'a&b', false, false],
      ['person', 'Ana "la"', false, false],
      ['seat', '1', false, false],
      ['seat', '2', true, true],
      ['count', '2', false, false],
      ['outside', 'in', false, false]
    ]
  )
  t.strictSame(forms[0]!.fields.find(({ name }) => name === 'count')!.options, ['0', '2'])
})

t.test('a browser keeps cookies, follows redirects and sends what was filled in, the pressed button included', async (t) => {
  const { url, seen } = await givenServer(t)
  const browser = openBrowser()

  const form = await browser.open(`${url}/form`)
  const page = await browser.submit(form, form.forms[0]!, { seat: ['3', '4'] }, /pay/i)

  t.equal(page.text, 'done')
  t.equal(page.url, `${url}/done`)
  t.strictSame(seen.at(-2), { method: 'POST', url: '/send', cookie: 'only=there; who=me', body: 'kept=yes&seat=3&seat=4&how=pay' })
  t.match(seen.at(-1), { method: 'GET', url: '/done', cookie: 'who=me' })
})

t.test('a plan is called after its file', async (t) => {
  t.equal(codeOf('/tmp/Teatro Ñuñoa (2027).json'), 'teatro-nunoa-2027')
})

interface Seen {
  method: string | undefined
  url: string | undefined
  cookie: string | undefined
  body: string
}

async function givenServer(t: Test): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer(async (request, reply) => {
    seen.push({ method: request.method, url: request.url, cookie: request.headers.cookie, body: await bodyOf(request) })
    reply.setHeader('content-type', 'text/html')
    if (request.url === '/send') return reply.writeHead(303, { location: '/done' }).end()
    if (request.url === '/done') return reply.end('<p>done</p>')
    reply.setHeader('set-cookie', ['who=me; Path=/; HttpOnly', 'only=there; Path=/send'])
    return reply.end(`<form action="/send" method="post"><input name="kept" value="yes"><input type="checkbox" name="seat" value="3">
      <button name="how" value="stop">Stop</button><button name="how" value="pay">Pay</button></form>`)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
