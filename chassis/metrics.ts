import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * The figures of one process, for Prometheus. Every name begins with
 * `ticketflow_` and ends with its unit. What stands in a label comes from a list
 * that the code knows (a route's template, a refusal's code), never from a
 * caller: each new value is kept for ever.
 *
 * An observation costs less than a microsecond.
 */
export interface Metrics {
  counter: <Label extends string = never>(name: `${string}_total`, help: string, labels?: Label[]) => Counter<Label>
  /** @param buckets - Upper bounds in the name's unit; those of seconds show a promise of 50 ms and one of 300 ms. */
  histogram: <Label extends string = never>(
    name: `${string}_${Unit}`,
    help: string,
    buckets?: number[],
    labels?: Label[]
  ) => Histogram<Label>
  /** Shows how far a pool is used. `pool` may throw while there is none: then it has no connections. */
  watchPool: (name: string, pool: () => Pool) => void
  /** Everything so far, in Prometheus' text format. */
  text: () => Promise<string>
  close: () => void
}

type Unit = 'seconds' | 'bytes' | 'requests'

const PREFIX = 'ticketflow_'
const SECONDS_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5]
const LAG_EVERY_MS = 100

/** A registry of its own, so that one process may have several. The process's own figures keep the names that dashboards know. */
export function openMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  const histogram: Metrics['histogram'] = (name, help, buckets = SECONDS_BUCKETS, labelNames = []) =>
    new Histogram({ name: PREFIX + name, help, buckets, labelNames, registers })
  const lag = watchLag(histogram('event_loop_lag_seconds', 'How late a timer of every 100 ms was'))

  return {
    counter: (name, help, labelNames = []) => new Counter({ name: PREFIX + name, help, labelNames, registers }),
    histogram,
    watchPool: poolGauges(registry),
    text: () => registry.metrics(),
    close: () => clearInterval(lag)
  }
}

/**
 * GET /metrics, and how long every route takes, by its template. A reply that
 * stays open to tell news counts when it ends, under its own route. Call it
 * before routes are registered; whoever stands at the gate keeps /metrics inside.
 */
export function answerMetrics(app: Pick<FastifyInstance, 'get' | 'addHook'>, metrics: Metrics): void {
  const seconds = metrics.histogram('http_request_duration_seconds', 'From the request to the last byte of its reply', undefined, [
    'route',
    'method',
    'status'
  ])
  app.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const route = request.routeOptions.url ?? 'none'
    seconds.observe({ route, method: request.method, status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1_000)
  })
  app.addHook('onClose', async () => metrics.close())
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(Registry.PROMETHEUS_CONTENT_TYPE)
      .header('cache-control', 'no-store')
      .send(await metrics.text())
  )
}

/** Node's own figure cannot be added up over processes or time; a histogram can. */
function watchLag(seconds: Histogram): NodeJS.Timeout {
  let dueMs = performance.now() + LAG_EVERY_MS
  return setInterval(() => {
    const nowMs = performance.now()
    seconds.observe(Math.max(0, nowMs - dueMs) / 1_000)
    dueMs = nowMs + LAG_EVERY_MS
  }, LAG_EVERY_MS).unref()
}

function poolGauges(registry: Registry): Metrics['watchPool'] {
  const pools = new Map<string, () => Pool>()
  const gauge = (name: string, help: string, read: (pool: Pool) => number) =>
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames: ['pool'],
      registers: [registry],
      collect() {
        for (const [name, pool] of pools) this.set({ pool: name }, readOf(pool, read))
      }
    })
  gauge('pool_connections', 'Open, in use or not', ({ totalCount }) => totalCount)
  gauge('pool_idle_connections', 'Open and not in use', ({ idleCount }) => idleCount)
  gauge('pool_waiting_requests', 'Callers waiting for a connection', ({ waitingCount }) => waitingCount)
  return (name, pool) => void pools.set(name, pool)
}

function readOf(pool: () => Pool, read: (pool: Pool) => number): number {
  try {
    return read(pool())
  } catch {
    return 0
  }
}
