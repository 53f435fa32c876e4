import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { watchStandby } from '../chassis/primary.ts'
import { createServer } from '../chassis/server.ts'
import { aboutHttp } from './about-http.ts'
import { browseHttp } from './browse-http.ts'
import { Config } from './config.ts'
import { documentsHttp } from './documents-http.ts'
import { answerPages } from './error-pages.ts'
import { holdHttp } from './hold-http.ts'
import { orchestrator } from './orchestrator.ts'
import { purchaseHttp } from './purchase-http.ts'
import { returnHttp } from './return-http.ts'
import { openShopWindow } from './shop-window.ts'
import { dressSite } from './site.ts'
import { ticketsHttp } from './tickets-http.ts'

const config = readConfig(Config, process.env)
const log = createLog('portal', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

// Opened top to bottom, closed bottom to top.
const standby = life.use('catalogue', watchStandby(config.CATALOGUE_NODES, log), (standby) => standby.close())
const seller = life.use('orchestrator', orchestrator(config.ORCHESTRATOR_URLS, config.PORTAL_TO_ORCHESTRATOR_TOKEN), (seller) =>
  seller.close()
)
const app = life.use('http', createServer(log, answerPages), (app) => app.close())

const shop = { shopWindow: openShopWindow(standby.pool), orchestrator: seller, publicUrl: config.PUBLIC_URL }
await dressSite(app, config.PUBLIC_URL, config.COOKIE_SECRET)
for (const pages of [aboutHttp, browseHttp, holdHttp, purchaseHttp, returnHttp, documentsHttp, ticketsHttp]) await app.register(pages, shop)
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
