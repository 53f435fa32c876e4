import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../chassis/config.ts'
import { lifecycle } from '../../chassis/lifecycle.ts'
import { createLog } from '../../chassis/log.ts'
import { createServer } from '../../chassis/server.ts'
import { MailConfig } from './config.ts'
import { openFaults } from './faults.ts'
import { api } from './mail/api.ts'
import { browser } from './mail/browser.ts'
import { openMailbox } from './mail/mailbox.ts'
import { type MailFault, openSmtp } from './mail/smtp.ts'

const config = readConfig(MailConfig, process.env)
const log = createLog('mail', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const directory =
  config.DATA_DIRECTORY ?? life.use('directory', await mkdtemp(join(tmpdir(), 'mail-')), (path) => rm(path, { recursive: true }))
const mailbox = await openMailbox(directory)
const faults = openFaults<MailFault>()

const app = life.use('http', createServer(log), (server) => server.close())
await app.register(api, { mailbox, faults })
await app.register(browser, { mailbox, faults })
app.get('/readyz', async () => ({ ready: true, missing: [] }))

const door = { host: config.LISTEN_ADDRESS, port: config.SMTP_PORT }
life.use('smtp', await openSmtp(mailbox, faults, log, door), (server) => new Promise<void>((resolve) => server.close(resolve)))
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
log.info({ smtp: config.SMTP_PORT, web: config.PORT }, 'mailbox open')
