import swagger from '@fastify/swagger'
import type { Log } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { answerReady } from '../chassis/ready.ts'
import { createServer } from '../chassis/server.ts'
import { type DocumentOptions, documentDoors } from './documents-http.ts'
import { purchaseDoors } from './http.ts'
import type { Mover } from './mover.ts'

const DESCRIPTION = {
  openapi: '3.1.0',
  info: {
    title: 'orchestrator',
    description:
      'Carries a purchase from the wish to the documents. The portal chooses its id; the same id with the same wish is the same purchase, however often it is sent.',
    version: '1.0.0'
  },
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ token: [] }]
}

export interface ApiOptions extends DocumentOptions {
  mover: Mover
}

/** Every door of the portal, and their description at /openapi.json. */
export async function createApi(log: Log, options: ApiOptions) {
  const { kit, mover, token } = options
  const app = createServer(log)
  const metrics = openMetrics('orchestrator')
  metrics.watchPool('postgres', kit.pool)
  answerMetrics(app, metrics)
  await app.register(swagger, { openapi: DESCRIPTION })
  answerReady(app, { postgres: () => kit.pool() })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(purchaseDoors, { kit, mover, token })
  await app.register(documentDoors, options)
  return app
}
