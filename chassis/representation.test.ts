import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t from 'tap'
import { createLog } from './log.ts'
import { type Encoding, encodingFor, represent, sendRepresentation } from './representation.ts'
import { createServer } from './server.ts'
import { takeTurns } from './turns.ts'

const BODY = JSON.stringify({ text: 'seat '.repeat(1_000) })

t.test('a caller gets the shortest form that it takes', async (t) => {
  const headers: Array<[header: string | undefined, encoding: Encoding]> = [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['BR ; q=0.2', 'br'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=0.0, *', 'gzip'],
    ['identity', 'identity'],
    ['', 'identity'],
    [undefined, 'identity']
  ]

  for (const [header, encoding] of headers) t.equal(encodingFor(header), encoding, header ?? 'no header')
})

t.test('the same content is sent in every form, and not at all to who has it', async (t) => {
  const app = createServer(createLog('test', 'silent'))
  t.teardown(() => app.close())
  const made = represent(BODY, 'abc')
  app.get('/', (request, reply) => sendRepresentation(request, reply, made))
  const get = (headers: Record<string, string>) => app.inject({ url: '/', headers })

  const [br, gzip, plain] = await Promise.all([get({ 'accept-encoding': 'br' }), get({ 'accept-encoding': 'gzip' }), get({})])

  t.equal(brotliDecompressSync(br.rawPayload).toString(), BODY)
  t.equal(gunzipSync(gzip.rawPayload).toString(), BODY)
  t.equal(plain.body, BODY)
  t.match(br.headers, { 'content-encoding': 'br', etag: 'W/"abc"', vary: 'accept-encoding', 'cache-control': 'no-cache' })
  t.match(br.headers['content-type'], /^application\/json/)
  for (const known of ['W/"abc"', '"abc"', '"x", W/"abc"', '*'])
    t.match(await get({ 'if-none-match': known }), { statusCode: 304, body: '', headers: { etag: 'W/"abc"' } }, known)
  t.match(await get({ 'if-none-match': 'W/"abd"' }), { statusCode: 200 })
})

t.test('a form is made once, however many ask for it', async (t) => {
  const made = represent(BODY, 'abc')

  t.equal(made.bytesIn('br'), made.bytesIn('br'))
  t.equal(made.bytesIn('gzip'), made.bytesIn('gzip'))
})

t.test('work beyond the limit waits for its turn, also behind work that failed', async (t) => {
  const inTurn = takeTurns(2)
  let [running, most] = [0, 0]

  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, i) =>
      inTurn(async () => {
        most = Math.max(most, ++running)
        await new Promise((done) => setImmediate(done))
        running--
        if (i % 3 === 0) throw new Error('failed')
        return i
      })
    )
  )

  t.equal(most, 2)
  t.strictSame(
    results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
    ['failed', 1, 2, 'failed', 4, 5, 'failed']
  )
})
