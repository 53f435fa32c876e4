import { createServer as createTcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { peer } from './call.ts'
import { isUnavailable, isUnknown, Refusal, unavailable } from './errors.ts'
import { createLog } from './log.ts'
import { createServer, onlyWith } from './server.ts'

const TOKEN = 'a-token-of-these-tests'
const NOBODY = 'http://127.105.7.9:3000'

t.test('a call goes on to the next instance when one is away, and comes back to it later', async (t) => {
  const url = await givenServer(t, '127.105.7.1', (app) => app.put('/things/1', async (request) => ({ got: request.body })))

  for (const urls of [`${NOBODY},${url}`, `${url},${NOBODY}`]) {
    const { call } = peer(urls, TOKEN, 2_000)
    for (let i = 0; i < 4; i++) t.strictSame(await call('PUT', '/things/1', { a: i }), { got: { a: i } })
  }
})

t.test('what was sent to nobody was not done, and what got no answer may have been', async (t) => {
  let asked = 0
  const url = await givenServer(t, '127.105.7.2', (app) => {
    app.get('/cut', async (request) => {
      asked++
      request.raw.destroy()
    })
    app.get('/slow', () => new Promise(() => {}))
    app.get('/busy', async () => {
      throw unavailable('a thing')
    })
  })
  const { call } = peer(url, TOKEN, 400)

  t.ok(isUnavailable(await failure(peer(NOBODY, TOKEN, 400).call('GET', '/cut'))))
  t.ok(isUnavailable(await failure(call('GET', '/busy'))))
  t.ok(isUnknown(await failure(call('GET', '/cut'))))
  t.equal(asked, 2, 'it was asked again')
  const began = performance.now()
  t.ok(isUnknown(await failure(call('GET', '/slow'))))
  t.ok(performance.now() - began < 1_000, 'the deadline holds')
  t.ok(isUnknown(await failure(peer(`${url},${NOBODY}`, TOKEN, 400).call('GET', '/cut'))), 'unknown stays unknown')
})

t.test('a refusal comes as it is and is not asked again, and an answer to a caller that is set up wrongly is none', async (t) => {
  let asked = 0
  const url = await givenServer(t, '127.105.7.3', (app) =>
    app.get('/things/1', async () => {
      asked++
      throw new Refusal('THING_TAKEN', 409, 'taken', { by: 'you' })
    })
  )

  t.match(await failure(peer(url, TOKEN, 400).call('GET', '/things/1')), {
    name: 'Refusal',
    code: 'THING_TAKEN',
    status: 409,
    params: { by: 'you' }
  })
  t.equal(asked, 1)
  for (const call of [peer(url, 'another', 400).call('GET', '/things/1'), peer(url, TOKEN, 400).call('GET', '/nothing')]) {
    const err = await failure(call)
    t.notOk(err instanceof Refusal || isUnknown(err) || isUnavailable(err), String(err))
  }
})

t.test('of many calls at once none comes to nothing because one instance of two is away', async (t) => {
  const url = await givenServer(t, '127.105.7.4', (app) => app.get('/things/1', async () => ({ got: 1 })))
  const { call } = peer(`${NOBODY},${url}`, TOKEN, 2_000)

  const answers = await Promise.allSettled(Array.from({ length: 60 }, () => call('GET', '/things/1')))

  t.strictSame(new Set(answers.map(({ status }) => status)), new Set(['fulfilled']))
})

t.test('an instance that is frozen is left for the next one, and comes last for a while', async (t) => {
  const frozen = await givenFrozen(t, '127.105.7.5')
  const url = await givenServer(t, '127.105.7.6', (app) => app.get('/things/1', async () => ({ got: 1 })))
  const { call } = peer(`${frozen.url},${url}`, TOKEN, 20_000)
  const began = performance.now()

  t.strictSame(await call('GET', '/things/1'), { got: 1 })
  t.ok(performance.now() - began < 10_000, `after ${Math.round(performance.now() - began)} ms`)
  const asked = frozen.asked()
  for (let i = 0; i < 4; i++) await call('GET', '/things/1')
  t.equal(frozen.asked(), asked, 'nobody else had to wait for it')
})

t.test('a slow answer of an instance that lives is waited for, and what was asked is not sent to another', async (t) => {
  let asked = 0
  const slow = (app: FastifyInstance) =>
    app.put('/slow', async () => {
      asked++
      await sleep(3_500)
      return { done: true }
    })
  const urls = await Promise.all(['127.105.7.7', '127.105.7.8'].map((host) => givenServer(t, host, slow)))

  t.strictSame(await peer(urls.join(), TOKEN, 20_000).call('PUT', '/slow'), { done: true })
  t.equal(asked, 1)
})

/** It takes connections and answers nothing. */
async function givenFrozen(t: Test, host: string): Promise<{ url: string; asked: () => number }> {
  let asked = 0
  const server = createTcpServer((socket) => {
    asked++
    socket.on('error', () => {})
    t.teardown(() => socket.destroy())
  })
  await new Promise<void>((listening) => server.listen(3000, host, listening))
  t.teardown(() => server.close())
  return { url: `http://${host}:3000`, asked: () => asked }
}

async function givenServer(t: Test, host: string, doors: (app: FastifyInstance) => void): Promise<string> {
  const app = createServer(createLog('test', 'silent'))
  app.addHook('onRequest', onlyWith(TOKEN))
  doors(app as unknown as FastifyInstance)
  await app.listen({ host, port: 3000 })
  t.teardown(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  return `http://${host}:3000`
}

function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => Promise.reject(new Error('it worked')),
    (err: Error) => err
  )
}
