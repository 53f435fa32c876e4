import formbody from '@fastify/formbody'
import { readConfig } from '../../chassis/config.ts'
import { lifecycle } from '../../chassis/lifecycle.ts'
import { createLog } from '../../chassis/log.ts'
import { createServer } from '../../chassis/server.ts'
import { answerAsTheBank, api, type Desk } from './bank/api.ts'
import { openBook } from './bank/book.ts'
import { browser } from './bank/browser.ts'
import type { BankFault } from './bank/counter.ts'
import { office } from './bank/office.ts'
import { BankConfig } from './config.ts'
import { openFaults } from './faults.ts'

const config = readConfig(BankConfig, process.env)
const log = createLog('bank', config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

const desk: Desk = {
  book: life.use('book', openBook(config.DATA_DIRECTORY), (book) => book.close()),
  faults: openFaults<BankFault>(),
  commerceCode: config.BANK_COMMERCE_CODE,
  apiKey: config.BANK_API_KEY,
  isLate: ({ createdAt }) => Date.now() > Date.parse(createdAt) + config.PAYMENT_SECONDS * 1_000
}

const app = life.use('http', createServer(log, answerAsTheBank), (server) => server.close())
app.removeContentTypeParser('application/json')
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
  try {
    done(null, body === '' ? undefined : JSON.parse(String(body))) // a commit has no body, and says that it is JSON
  } catch {
    done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }))
  }
})
await app.register(formbody)
await app.register(api, desk)
await app.register(browser, desk)
await app.register(office, desk)
app.get('/readyz', async () => ({ ready: true, missing: [] }))
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
