import { peer } from '../chassis/call.ts'
import { readConfig } from '../chassis/config.ts'
import { CALL_MS_MAX, COMMAND_MS_MAX } from '../chassis/deadlines.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { openPatience } from '../chassis/patience.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { openPublisher } from '../chassis/publisher.ts'
import { repeat } from '../chassis/repeat.ts'
import { createApi } from './api.ts'
import { webpay } from './bank.ts'
import { Config } from './config.ts'
import { readDocuments } from './documents.ts'
import type { Kit } from './kit.ts'
import { mover } from './mover.ts'

const COMMANDS_MAX = 1_000
const RELAY_MS_MAX = 3_000

const config = readConfig(Config, process.env)
const log = createLog('orchestrator', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

// Opened top to bottom, closed bottom to top.
const primary = life.use('postgres', watchPrimary(config.POSTGRES_NODES, log), (primary) => primary.close())
const publisher = life.use('rabbitmq', await openPublisher(config.BROKER_URL, log), (publisher) => publisher.close())
const documents = readDocuments(config.BILLING_PRIMARY_URL, config.BILLING_REPLICA_URL, config.ORCHESTRATOR_TO_BILLING_TOKEN, log)
life.use('documents', documents, (documents) => documents.close())

const kit: Kit = {
  log,
  pool: primary.pool,
  patiently: openPatience({ answerMsMax: COMMAND_MS_MAX, commandsMax: COMMANDS_MAX }),
  seller: peer(config.RESERVATION_URLS, config.ORCHESTRATOR_TO_RESERVATION_TOKEN, CALL_MS_MAX),
  relay: peer(config.RELAY_URL, config.ORCHESTRATOR_TO_RELAY_TOKEN, RELAY_MS_MAX),
  bank: webpay(config.BANK_URL, config.BANK_COMMERCE_CODE, config.BANK_API_KEY, `${config.PUBLIC_URL}/pago/retorno`),
  documents,
  documentedSecondsMax: config.DOCUMENTED_SECONDS_MAX
}
const purchases = life.use('purchases', mover(kit), (purchases) => purchases.settled())
life.use('resume', repeat(log, config.RESUME_MS, purchases.moveDueOnce), (resume) => resume.stop())
life.use('look for documents', repeat(log, config.RESUME_MS, purchases.lookForDocumentsOnce), (look) => look.stop())

const options = {
  kit,
  mover: purchases,
  token: config.PORTAL_TO_ORCHESTRATOR_TOKEN,
  linkSecret: config.LINK_SECRET,
  channel: publisher.channel
}
const app = life.use('http', await createApi(log, options), (app) => app.close())
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
