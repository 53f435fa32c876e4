import type { Pool } from 'pg'
import type { Log } from '../chassis/log.ts'
import { answerMetrics, openMetrics } from '../chassis/metrics.ts'
import { createServer } from '../chassis/server.ts'
import { aboutHttp } from './about-http.ts'
import { openAvailabilityFeed } from './availability.ts'
import { availabilityHttp } from './availability-http.ts'
import { browseHttp } from './browse-http.ts'
import { documentsHttp } from './documents-http.ts'
import { answerPages } from './error-pages.ts'
import { holdHttp } from './hold-http.ts'
import type { Orchestrator } from './orchestrator.ts'
import { purchaseHttp } from './purchase-http.ts'
import { returnHttp } from './return-http.ts'
import { openShopWindow } from './shop-window.ts'
import { dressSite } from './site.ts'
import { ticketsHttp } from './tickets-http.ts'
import { typesHttp } from './types-http.ts'

interface Settings {
  /** Of a node to read the catalogue from; asked for at every read. */
  pool: () => Pool
  orchestrator: Orchestrator
  publicUrl: string
  cookieSecret: string
}

/** The whole site, ready to listen. */
export async function createPortal(log: Log, { pool, orchestrator, publicUrl, cookieSecret }: Settings) {
  const app = createServer(log, answerPages)
  const metrics = openMetrics('portal')
  metrics.watchPool('catalogue', pool)
  answerMetrics(app, metrics)
  const shop = { shopWindow: openShopWindow(pool), orchestrator, publicUrl }
  await dressSite(app, publicUrl, cookieSecret)
  for (const pages of [aboutHttp, browseHttp, typesHttp, holdHttp, purchaseHttp, returnHttp, documentsHttp, ticketsHttp])
    await app.register(pages, shop)
  await app.register(availabilityHttp, { feed: openAvailabilityFeed(pool) })
  return app
}
