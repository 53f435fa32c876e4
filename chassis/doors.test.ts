import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { Type } from 'typebox'
import { peer } from './call.ts'
import { readConfig } from './config.ts'
import { isUnavailable, isUnknown, refusals } from './errors.ts'
import { createLog } from './log.ts'
import { createServer, onlyWith } from './server.ts'

const log = createLog('test', 'silent')
const refuse = refusals({ TAKEN: [409, 'It is taken'] })

function givenServer() {
  const app = createServer(log)
  app.put(
    '/things/:no',
    {
      preHandler: onlyWith('secret'),
      schema: { params: Type.Object({ no: Type.Integer() }), body: Type.Object({ count: Type.Integer({ maximum: 10 }) }) }
    },
    async ({ params, body }) => {
      if (params.no === 9) throw refuse('TAKEN', { no: 9 })
      if (params.no === 8) throw new Error('the password is hunter2')
      return { no: params.no, count: body.count }
    }
  )
  return app
}

for (const { name, url = '/things/1', token = 'secret', payload, status, code } of [
  { name: 'a good request', payload: '{"count":1}', status: 200 },
  { name: 'a number as text', payload: '{"count":"1"}', status: 400, code: 'BAD_INPUT' },
  { name: 'a missing field', payload: '{}', status: 400, code: 'BAD_INPUT' },
  { name: 'a bad path', url: '/things/x', payload: '{"count":1}', status: 400, code: 'BAD_INPUT' },
  { name: 'what is not JSON', payload: '{', status: 400 },
  { name: 'a body over the limit', payload: `{"count":1,"x":"${'x'.repeat(70_000)}"}`, status: 413 },
  { name: 'no token', token: '', payload: '{"count":1}', status: 401, code: 'NOT_ALLOWED' },
  { name: 'a wrong token', token: 'secreT', payload: '{"count":1}', status: 401, code: 'NOT_ALLOWED' },
  { name: 'a rule that says no', url: '/things/9', payload: '{"count":1}', status: 409, code: 'TAKEN' },
  { name: 'a bug', url: '/things/8', payload: '{"count":1}', status: 500, code: 'FAULT' },
  { name: 'a path nobody knows', url: '/nothing', payload: '{}', status: 404, code: 'NO_SUCH_PAGE' }
]) {
  t.test(`${name} is answered with ${status} ${code ?? ''}`, async (t) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

    const answer = await givenServer().inject({ method: 'PUT', url, headers, payload })

    t.equal(answer.statusCode, status)
    if (status !== 200) t.match(answer.headers['content-type'], /problem\+json/)
    if (code) t.equal(answer.json().code, code)
    t.notMatch(answer.body, /hunter2/)
  })
}

t.test('a peer that is down is left for the next one; a refusal comes back as it was', async (t) => {
  const app = givenServer()
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const live = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const { call } = peer(`http://127.0.0.1:5999,${live}`, 'secret', 2_000)

  t.strictSame(await call('PUT', '/things/1', { count: 2 }), { no: 1, count: 2 })
  t.strictSame(await call('PUT', '/things/2', { count: 2 }), { no: 2, count: 2 })
  await t.rejects(call('PUT', '/things/9', { count: 2 }), { code: 'TAKEN', status: 409, params: { no: 9 } })
  t.ok(isUnknown(await call('PUT', '/things/8', { count: 2 }).catch((err: unknown) => err)), 'a fault may have worked')
})

t.test('a peer of which no instance listens is unavailable: nothing was sent', async (t) => {
  const failure = await peer('http://127.0.0.1:5999', 'secret', 1_000)
    .call('GET', '/')
    .catch((err: unknown) => err)

  t.ok(isUnavailable(failure))
})

t.test('settings are read once, and a bad one is named without its value', async (t) => {
  const schema = Type.Object({ PORT: Type.Integer({ default: 3000 }), SECRET: Type.String({ minLength: 8 }) })

  t.strictSame(readConfig(schema, { SECRET: 'long enough', OTHER: 'x' }), { PORT: 3000, SECRET: 'long enough' })
  t.equal(readConfig(schema, { PORT: '81', SECRET: 'long enough' }).PORT, 81)
  t.throws(() => readConfig(schema, { PORT: 'eighty', SECRET: 'hunter2' }), { message: 'missing or malformed settings: PORT, SECRET' })
})

t.test('whoever is at the door while it closes is served, and told not to come back that way', async (t) => {
  const app = givenServer()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  const answer = text(socket)
  const arrived = once(app.server, 'connection')
  socket.write('GET /healthz HTTP/1.1\r\nHost: here\r\n')
  await arrived
  await new Promise((done) => setTimeout(done, 50)) // half a request is read

  const closed = app.close()
  await new Promise((done) => setTimeout(done, 50)) // the server has begun to close
  socket.write('\r\n')

  t.match(await answer, /^HTTP\/1\.1 200 OK\r\n.*connection: close/is)
  await closed
})
