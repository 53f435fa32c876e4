import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { listed } from './failed.ts'
import { failedEvents, type Registers } from './failed-events.ts'

const AWAY = 'http://127.102.9.1:3000'

t.test('an operator reads what failed, why, and what waits behind it', async (t) => {
  const failed = { eventId: 'e1', type: 'OrdenCreada', orderId: 'o1', reason: 'Error: no', times: 2, failedAt: 'then', onHold: 1 }
  const held = { eventId: 'e2', type: 'OrdenAnulada', orderId: 'o1', sequence: 2, last: 0, heldAt: 'then' }
  const registers: Registers = { failed: [failed], held: [held], failedInAll: 1, heldInAll: 1 }

  t.equal(
    listed(registers),
    [
      '1 failed, 1 on hold.',
      'failed  e1  OrdenCreada  order o1',
      '        then, 2 times, 1 on hold behind it: Error: no',
      'on hold e2  OrdenAnulada  order o1, number 2: number 1 is missing'
    ].join('\n')
  )
  t.match(listed({ ...registers, failedInAll: 300 }), /The oldest are shown/)
  t.equal(listed({ failed: [], held: [], failedInAll: 0, heldInAll: 0 }), 'No event has failed and none is on hold.')
})

t.test('a decision goes to the instance that is there, a refusal is an answer, and when nobody is there that is said', async (t) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    const said = request.url?.endsWith('/retry') ? { eventId: 'e1', state: 'done', followed: [] } : { code: 'NO', title: 'no', params: {} }
    response.writeHead('state' in said ? 200 : 409, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
  await once(server.listen(0, '127.102.9.2'), 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const register = failedEvents([AWAY, `http://127.102.9.2:${port}`], 'secret')

  t.match(await register.retry('e1'), { taken: { state: 'done' } })
  t.match(await register.discard('e1', { by: 'ana', reason: 'why' }), { refused: { code: 'NO' } })
  t.strictSame(asked, ['POST /failed-events/e1/retry Bearer secret', 'POST /failed-events/e1/discard Bearer secret'])
  await t.rejects(failedEvents([AWAY], 'secret').retry('e1'), /nobody answers for what failed/)
})
