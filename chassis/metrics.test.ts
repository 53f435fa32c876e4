import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { testDatabase } from '../db/test-database.ts'
import { unavailable } from './errors.ts'
import { createLog } from './log.ts'
import { answerMetrics, openMetrics } from './metrics.ts'
import { createServer } from './server.ts'
import { serverTiming } from './server-timing.ts'

t.test('a process shows its own figures, and what it counted by kind and code', async (t) => {
  const metrics = givenMetrics(t)
  const outcomes = metrics.counter('outcomes_total', 'What became of commands', ['kind', 'code'])

  outcomes.inc({ kind: 'hold', code: 'done' })
  outcomes.inc({ kind: 'hold', code: 'SEAT_TAKEN' }, 3)

  const text = await metrics.text()
  t.match(text, /^ticketflow_outcomes_total\{kind="hold",code="SEAT_TAKEN",service="test"\} 3$/m)
  t.match(text, /^ticketflow_outcomes_total\{kind="hold",code="done",service="test"\} 1$/m)
  t.match(text, /^process_cpu_seconds_total\{service="test"\} \d/m)
  t.match(text, /^nodejs_version_info\{/m)
})

t.test('two registries of one process know nothing of each other', async (t) => {
  const [one, other] = [givenMetrics(t), givenMetrics(t)]

  one.counter('outcomes_total', 'One').inc()

  t.match(await one.text(), /^ticketflow_outcomes_total\{service="test"\} 1$/m)
  t.notMatch(await other.text(), /ticketflow_outcomes_total/)
})

t.test('a wait falls between bounds that show 50 ms and 300 ms; other units have bounds of their own', async (t) => {
  const metrics = givenMetrics(t)
  const waits = metrics.histogram('lane_wait_seconds', 'From arrival to batch')
  const sizes = metrics.histogram('batch_requests', 'How many at once', [1, 8, 64])

  for (const seconds of [0.03, 0.06, 0.25, 0.4]) waits.observe(seconds)
  sizes.observe(9)

  t.strictSame(await bucketsOf(metrics, 'lane_wait_seconds', ['0.02', '0.05', '0.1', '0.3', '0.5']), [0, 1, 2, 3, 4])
  t.strictSame(await bucketsOf(metrics, 'batch_requests', ['8', '64']), [0, 1])
})

t.test('a request is timed under its route, whatever it asks for', async (t) => {
  const metrics = givenMetrics(t)
  const app = createServer(createLog('test', 'silent'))
  t.teardown(() => app.close())
  answerMetrics(app, metrics)
  await app.register(async (inner) => {
    inner.get('/shows/:showId', async (request) => request.params)
  })
  app.put('/orders/:orderId', async () => {
    throw unavailable('the database')
  })

  for (const url of ['/shows/1', '/shows/secret-2', '/shows/1?token=secret-3', '/secret-4', '/healthz']) await app.inject(url)
  await app.inject({ method: 'PUT', url: '/orders/secret-5' })

  const { body, headers } = await app.inject('/metrics')
  const counts = [...body.matchAll(/^ticketflow_http_request_duration_seconds_count\{([^}]+)\} (\d+)$/gm)].map(
    ([, labels, n]) => `${n} ${labels}`
  )
  t.strictSame(counts.sort(), [
    '1 service="test",route="/healthz",method="GET",status="2xx"',
    '1 service="test",route="/orders/:orderId",method="PUT",status="5xx"',
    '1 service="test",route="none",method="GET",status="4xx"',
    '3 service="test",route="/shows/:showId",method="GET",status="2xx"'
  ])
  t.notMatch(body, /secret/)
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/)
})

t.test('a loop that was blocked shows it', async (t) => {
  const metrics = givenMetrics(t)

  await sleep(150)
  const until = performance.now() + 350
  while (performance.now() < until);
  await sleep(150)

  const [under, all] = await bucketsOf(metrics, 'event_loop_lag_seconds', ['0.2', '+Inf'])
  t.ok(all! > under!, `${all! - under!} of ${all} were late`)
})

t.test('a pool shows its connections and who waits; a pool that is away has none', async (t) => {
  const metrics = givenMetrics(t)
  const pool = await testDatabase(t)
  metrics.watchPool('postgres', () => pool)
  metrics.watchPool('away', () => {
    throw unavailable('the primary')
  })
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()))
  const waiting = pool.connect()

  t.match(await metrics.text(), /^ticketflow_pool_connections\{pool="postgres",service="test"\} 20$/m)
  t.match(await metrics.text(), /^ticketflow_pool_waiting_requests\{pool="postgres",service="test"\} 1$/m)
  t.match(await metrics.text(), /^ticketflow_pool_connections\{pool="away",service="test"\} 0$/m)

  for (const client of clients) client.release()
  ;(await waiting).release()
  t.match(await metrics.text(), /^ticketflow_pool_idle_connections\{pool="postgres",service="test"\} 20$/m)
  await pool.end()
})

t.test('a reply says where its time went, as the W3C writes it', async (t) => {
  const app = createServer(createLog('test', 'silent'))
  t.teardown(() => app.close())
  app.get('/', async (_request, reply) => {
    serverTiming(reply, { lane: 1.234, lock: 0 })
    serverTiming(reply, { commit: 12 })
    return 'done'
  })

  t.equal((await app.inject('/')).headers['server-timing'], 'lane;dur=1.2, lock;dur=0, commit;dur=12')
})

function givenMetrics(t: Test) {
  const metrics = openMetrics('test')
  t.teardown(metrics.close)
  return metrics
}

/** How many observations were at most each bound. */
async function bucketsOf(metrics: ReturnType<typeof openMetrics>, name: string, bounds: string[]): Promise<number[]> {
  const text = await metrics.text()
  return bounds.map((bound) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`ticketflow_${name}_bucket{le="${bound}"`))
        ?.split(' ')
        .at(-1)
    )
  )
}
