import swagger from '@fastify/swagger'
import { Type } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Log } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { type Loop, repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { openAvailability } from './availability.ts'
import { availabilityDoor } from './availability-http.ts'
import { openFigures } from './figures.ts'
import { sellingDoors } from './http.ts'
import { operatorDoors } from './operator-http.ts'
import { openSeller } from './seller.ts'

/** Shows that were made since are read this soon. */
const WARM_MS = 5_000

const Ready = Type.Object({ ready: Type.Boolean(), missing: Type.Array(Type.String()) })

const DESCRIPTION = {
  openapi: '3.1.0',
  info: {
    title: 'reservation-service',
    description: 'Sells the seats. Every command carries an id of its caller and may be sent again: same id, same body, same answer.',
    version: '1.0.0'
  },
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ token: [] }]
}

export interface ApiOptions {
  /** Finds the primary's pool; asked again for every attempt, because a failover may lie between two. */
  writer: () => Pool
  holdSeconds: number
  token: string
  operatorToken: string
  /** Called after an event was committed. */
  ring: () => void
}

/** Every door of the service, and their description at /openapi.json. Two tokens: one sells, one loads what is sold. */
export async function createApi(log: Log, { writer, holdSeconds, token, operatorToken, ring }: ApiOptions) {
  const availability = openAvailability(writer)
  const metrics = openMetrics('reservation-service')
  metrics.watchPool('postgres', writer)
  const seller = openSeller({ writer, holdSeconds, availability, onBatch: openFigures(metrics).onBatch })
  const app = createServer(log)
  answerMetrics(app, metrics)
  await app.register(swagger, { openapi: DESCRIPTION })
  app.get('/readyz', { schema: { security: [], response: { 200: Ready, 503: Ready } } }, async (_request, reply) => {
    const missing = whatIsMissing(writer)
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  keepWarm(app, () => repeat(log, WARM_MS, seller.shows.warmOnce))
  await app.register(sellingDoors, { seller, holdSeconds, token, ring })
  await app.register(availabilityDoor, { availability, token })
  await app.register(operatorDoors, { writer, token: operatorToken })
  return app
}

function keepWarm(app: FastifyInstance, start: () => Loop): void {
  let loop: Loop | undefined
  app.addHook('onListen', async () => {
    loop = start()
  })
  app.addHook('onClose', async () => loop?.stop())
}

function whatIsMissing(writer: () => Pool): string[] {
  try {
    writer()
    return []
  } catch {
    return ['postgres']
  }
}
