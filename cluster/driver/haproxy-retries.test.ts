import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { component, eventually } from './given-processes.ts'
import { launchHaproxy } from './haproxy.ts'

const [GATEWAY, FIRST, SECOND] = ['127.2.92.1', '127.2.92.2', '127.2.92.3']
const PORT = 3000
const CHECKED = /healthz/
const BUYERS = 12
/** A machine with forty processes to a core answers this late. */
const LATE_MS = 1_500
const CHECKS_MS = 4_000

/** A portal in a process of its own, that takes a moment for everything. */
const PORTAL = `
import { createServer } from 'node:http'
createServer((request, response) => {
  request.resume().on('end', () => setTimeout(() => response.end('ok'), request.url === '/healthz' ? 0 : 40))
}).listen(${PORT}, process.env.LISTEN_ADDRESS)
`

t.test('a portal that is killed while buyers look and buy is missed by none of them', async (t) => {
  const portals = await Promise.all([FIRST, SECOND].map((host) => givenPortal(t, host)))
  const { url } = await givenGateway(t, portals.length)
  const statuses: number[] = []
  let more = true
  const buyers = Array.from({ length: BUYERS }, async (_, i) => {
    const requests = [
      ['GET', '/'],
      ['POST', '/compras'],
      ['POST', '/compras/1/pago'],
      ['POST', '/pago/retorno']
    ] as const
    for (let no = i; more; no++) {
      const [method, path] = requests[no % requests.length]!
      statuses.push(await statusOf(url + path, method))
      await sleep(200) // fewer commands than one address may send
    }
  })

  await eventually(() => statuses.length > 2 * BUYERS)
  await killed(portals[0]!)
  const [begun] = [statuses.length]
  await eventually(() => statuses.length > begun + 4 * BUYERS, 20_000)
  await givenPortal(t, FIRST)
  const back = statuses.length
  await eventually(() => statuses.length > back + 4 * BUYERS, 20_000)
  more = false
  await Promise.all(buyers)

  t.strictSame([...new Set(statuses)], [200], `${statuses.length} requests`)
})

t.test('what a portal broke off is sent to the other one where it may be sent twice, and else not', async (t) => {
  const asked: string[] = []
  const bodies: string[] = []
  const hangUp = await givenServer(t, FIRST, asked, 'hang up')
  await givenServer(t, SECOND, asked, 'answer', bodies)
  const { url } = await givenGateway(t, 2)
  const send = async (method: string, path: string) => {
    asked.length = 0
    const status = await statusOf(url + path, method)
    return { status, asked: asked.length }
  }

  for (const [method, path] of [
    ['GET', '/'],
    ['POST', '/compras'],
    ['POST', '/compras/7/pago'],
    ['POST', '/pago/retorno']
  ] as const) {
    const outcomes = [await send(method, path), await send(method, path), await send(method, path)]
    t.ok(
      outcomes.every(({ status }) => status === 200),
      `${method} ${path}`
    )
    t.ok(
      outcomes.some((outcome) => outcome.asked === 2),
      'one of them had met the one that hangs up'
    )
  }
  t.ok(bodies.length > 0 && bodies.every((body) => body === 'compra=1'), 'all of it is sent again')
  const asks = [await send('POST', '/mis-entradas'), await send('POST', '/mis-entradas'), await send('POST', '/mis-entradas')]
  t.strictSame(
    asks.map((ask) => ask.asked),
    [1, 1, 1],
    'a mail that may be on its way is not asked for twice'
  )
  t.ok(asks.some(({ status }) => status === 502))

  hangUp.close()
  hangUp.closeAllConnections()
  t.equal((await send('POST', '/mis-entradas')).status, 200, 'nobody was there: nothing was sent')
})

t.test('a portal that is slow to say that it lives is not taken for dead: when all are busy, somebody still serves', async (t) => {
  for (const host of [FIRST, SECOND]) await givenServer(t, host, [], 'answer late')
  const { url } = await givenGateway(t, 2)
  await sleep(CHECKS_MS) // two checks would have failed by now

  t.equal(await statusOf(`${url}/`, 'GET'), 200)
})

/** Over a connection of its own, as a browser's first request: on a later one a gateway may hang up where there is no answer. */
async function statusOf(url: string, method: string): Promise<number> {
  const sent = request(url, { method, agent: false, timeout: 20_000 }).end(method === 'POST' ? 'compra=1' : '')
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  await response.toArray()
  return response.statusCode!
}

async function givenPortal(t: Test, host: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PORTAL], {
    env: { PATH: process.env.PATH, LISTEN_ADDRESS: host },
    stdio: 'ignore'
  })
  t.teardown(() => killed(child))
  await eventually(() => isThere(`http://${host}:${PORT}/healthz`), 20_000)
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** One that answers, at once or as late as a crowded machine does, or one that takes a request and hangs up. */
async function givenServer(
  t: Test,
  host: string,
  asked: string[],
  how: 'answer' | 'answer late' | 'hang up',
  bodies: string[] = []
): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (how === 'answer late') await sleep(LATE_MS)
    if (CHECKED.test(request.url!)) return void response.end()
    asked.push(request.url!)
    const body = Buffer.concat(await request.toArray()).toString()
    if (how === 'hang up') return void request.socket.destroy()
    if (body) bodies.push(body)
    response.end()
  })
  server.listen(PORT, host)
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return server
}

async function givenGateway(t: Test, portals: number): Promise<{ url: string }> {
  const hosts = [FIRST, SECOND].slice(0, portals)
  const settings = { PORTALS: hosts.map((host) => `http://${host}:${PORT}`).join() }
  const { command, args, cwd } = launchHaproxy(component('', 'gateway', { ports: [8080], settings }), [GATEWAY], t.testdir({}))
  const haproxy = spawn(command, args, { cwd, stdio: 'ignore' })
  t.teardown(() => killed(haproxy))
  await eventually(() => isThere(`http://${GATEWAY}:8080/`), 20_000)
  return { url: `http://${GATEWAY}:8080` }
}

function isThere(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false
  )
}
