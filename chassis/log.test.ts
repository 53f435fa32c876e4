import t from 'tap'
import { unavailable } from './errors.ts'
import { createLog } from './log.ts'

const ADDRESS = 'ana.rojas+tickets@correo.ejemplo.cl'

t.test('a line has no personal data, wherever it came in', async (t) => {
  const { log, lines } = givenLog()
  const refused = Object.assign(new Error(`550 <${ADDRESS}>: no such user`), {
    code: 'EENVELOPE',
    rejected: [ADDRESS],
    rejectedErrors: [Object.assign(new Error(`RCPT TO ${ADDRESS}`), { recipient: ADDRESS })]
  })
  const failing = Object.assign(new Error('violates check'), { code: '23514', detail: `Failing row contains (1, Ana Rojas, ${ADDRESS})` })

  log.info({ email: ADDRESS, buyer: { name: 'Ana Rojas' }, mail: { email: ADDRESS } }, 'fields')
  log.warn({ err: refused }, 'mail not sent')
  log.error({ err: failing }, 'row')
  log.error({ err: unavailable('the mail server', refused) }, 'caused by another')
  log.child({}).error({ err: refused }, 'in a child')

  t.equal(lines.length, 5)
  t.notMatch(lines.join(), /Ana Rojas|ana\.rojas|correo\.ejemplo/)
})

t.test('an error is still told: its words, its code, where it was thrown', async (t) => {
  const { log, lines } = givenLog()

  log.error({ err: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:25'), { code: 'ECONNREFUSED' }) }, 'mail not sent')

  t.match(JSON.parse(lines[0]!), {
    level: 'error',
    msg: 'mail not sent',
    err: { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:25', code: 'ECONNREFUSED', stack: /log\.test\.ts/ }
  })
})

function givenLog() {
  const lines: string[] = []
  return { lines, log: createLog('test', 'info', { write: (line) => void lines.push(line) }) }
}
