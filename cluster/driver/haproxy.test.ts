import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { component, eventually } from './given-processes.ts'
import { launchHaproxy } from './haproxy.ts'

const [GATEWAY, PORTAL] = ['127.2.91.1', '127.2.91.2']

t.test('a portal that misses something still shows what it can, and what it misses is not told to strangers', async (t) => {
  const { url } = await givenGateway(t)

  t.match(await (await fetch(`${url}/funciones/una`)).text(), /^GET \/funciones\/una/)
  for (const path of ['/readyz', '/metrics', '/%72eadyz', '/readyz?x=1', '/%6detrics']) t.equal((await fetch(url + path)).status, 404, path)
})

t.test('who a request is from is said by the gateway and by nobody else', async (t) => {
  const { url } = await givenGateway(t)
  const said = { 'x-forwarded-for': '9.9.9.9', forwarded: 'for=9.9.9.9', 'x-forwarded-host': 'mala.cl', 'x-request-id': 'mine' }

  const response = await fetch(`${url}/`, { headers: said })
  const seen = await response.text()

  t.equal(response.headers.get('keep-alive'), null, 'nor is how long the gateway keeps a connection said by a portal')
  t.notMatch(seen, /9\.9\.9\.9|mala|mine/)
  t.match(seen, /"x-forwarded-for":"127\./)
})

t.test('a form that comes drop by drop waits at the gateway and occupies no portal', async (t) => {
  const { url, requests } = await givenGateway(t)
  const { hostname, port } = new URL(url)
  const slow = connect(Number(port), hostname)
  t.teardown(() => slow.destroy())
  slow.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab')

  for (let i = 0; i < 5; i++) await fetch(`${url}/meanwhile`)
  t.notOk(requests.includes('POST /slow'), 'half of it is nothing')
  slow.write('cde')

  await eventually(() => requests.includes('POST /slow'))
})

t.test('a body over the limit is refused at the gateway', async (t) => {
  const { url, requests } = await givenGateway(t)

  const { status } = await fetch(`${url}/large`, { method: 'POST', body: 'x'.repeat(70_000) })

  t.equal(status, 413)
  t.notOk(requests.includes('POST /large'))
})

t.test('one address sends so many commands and is then asked to slow down, while it may still read', async (t) => {
  const { url, requests } = await givenGateway(t)

  const statuses: number[] = []
  for (let i = 0; i < 420; i++) statuses.push((await fetch(`${url}/command`, { method: 'POST' })).status)

  t.ok(statuses.indexOf(429) >= 400, 'as many as were promised are taken')
  t.equal(statuses.at(-1), 429)
  t.equal(requests.filter((request) => request === 'POST /command').length, statuses.filter((status) => status === 200).length)
  t.equal((await fetch(`${url}/page`)).status, 200)
})

t.test('one address holds so many connections and no more, and others still come in', async (t) => {
  const { url } = await givenGateway(t)
  const { hostname, port } = new URL(url)
  const sockets = Array.from({ length: 520 }, () => connect({ port: Number(port), host: hostname, localAddress: '127.2.91.3' }))
  t.teardown(() => sockets.map((socket) => socket.destroy()))
  let refused = 0
  for (const socket of sockets) socket.on('error', () => {}).on('close', () => refused++)

  await eventually(() => refused >= 20)

  t.equal(refused, 20)
  t.equal((await fetch(`${url}/page`)).status, 200)
})

/** The gateway as the shop has it, in front of a portal that lives and is not ready. */
async function givenGateway(t: Test): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const portal = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.statusCode = request.url === '/readyz' ? 503 : 200
    response.end(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
  })
  const portalPort = await listening(portal, PORTAL)
  t.teardown(() => portal.close().closeAllConnections())

  const port = await freePort()
  const gateway = component('', 'gateway', { ports: [port], settings: { PORTALS: `http://${PORTAL}:${portalPort}` } })
  const { command, args, cwd } = launchHaproxy(gateway, [GATEWAY], t.testdir({}))
  const haproxy = spawn(command, args, { cwd, stdio: 'ignore' })
  t.teardown(async () => {
    haproxy.kill('SIGKILL')
    await once(haproxy, 'exit')
  })
  const url = `http://${GATEWAY}:${port}`
  await eventually(() =>
    fetch(url)
      .then(({ ok }) => ok)
      .catch(() => false)
  )
  await eventually(() => requests.filter((request) => /healthz|readyz/.test(request)).length > 2) // it has made up its mind
  return { url, requests }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server, GATEWAY)
  await new Promise((closed) => server.close(closed))
  return port
}

async function listening(server: ReturnType<typeof createServer>, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}
