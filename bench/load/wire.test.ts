import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { answerIn, headerOf, openWires, putRequest, shared } from './wire.ts'

t.test('an answer is whole when as many bytes have come as it says', async (t) => {
  const bytes = Buffer.from('HTTP/1.1 409 Conflict\r\nContent-Type: x\r\nContent-Length: 4\r\n\r\n{"a"')

  t.equal(answerIn(bytes.subarray(0, 30)), undefined, 'no head yet')
  t.equal(answerIn(bytes.subarray(0, -1)), undefined, 'a byte is missing')
  t.match(answerIn(bytes), { status: 409, body: Buffer.from('{"a"') })
  t.throws(() => answerIn(Buffer.concat([bytes, Buffer.from('x')])), { message: 'more than one answer to one request' })
  t.throws(() => answerIn(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')), { message: /without its length/ })
  t.match(answerIn(Buffer.from('HTTP/1.1 304 Not Modified\r\netag: "x"\r\n\r\n')), { status: 304 })
})

t.test('many callers share a few connections of a real server, and each gets their own answer', async (t) => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answer = `${request.method} ${request.url} ${body}`
    response.writeHead(200, { 'content-length': Buffer.byteLength(answer), etag: '"e"' }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wires = await openWires([`http://127.0.0.1:${(server.address() as AddressInfo).port}`], 3)
  t.teardown(() => {
    for (const wire of wires) wire.close()
    server.close()
  })

  const { send } = shared(wires)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(putRequest(`/sales/${i}`, 'token', `{"ñ":${i}}`))))

  t.same(
    answers.map(({ body }) => body.toString()),
    Array.from({ length: 20 }, (_, i) => `PUT /sales/${i} {"ñ":${i}}`)
  )
  t.equal(headerOf({ ...answers[0]!, ms: 0 }, 'etag'), '"e"')
})

t.test('a connection that ends before the answer is an error, and never an answer', async (t) => {
  const server = createServer((request) => request.socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const [wire] = await openWires([`http://127.0.0.1:${(server.address() as AddressInfo).port}`], 1)

  await t.rejects(wire!.send(putRequest('/', 'token', '{}')))
})
