import t from 'tap'
import { retrySeconds } from './deliver-mails.ts'
import { type NotificationEvent, stateOf } from './notifications.ts'

t.test('the state of a mail is the fold of its events', async (t) => {
  const created: NotificationEvent = {
    type: 'NotificacionCreada',
    data: { kind: 'order', orderIds: ['x'], email: 'a@example.cl', language: 'es', issuedAt: '' }
  }
  const failed = (permanent: boolean): NotificationEvent => ({ type: 'NotificacionFallida', data: { reason: '', permanent } })
  const sent: NotificationEvent = { type: 'NotificacionEnviada', data: { messageId: '', response: '' } }

  t.match(stateOf([created]), { state: 'created', failures: 0, sequence: 1 })
  t.match(stateOf([created, failed(false)]), { state: 'retrying', failures: 1, sequence: 2 })
  t.match(stateOf([created, failed(false), failed(true)]), { state: 'failed', failures: 2 })
  t.match(stateOf([created, failed(false), sent]), { state: 'sent', failures: 1, sequence: 3 })
  t.match(stateOf([created, sent, failed(false)]), { state: 'sent' })
  t.throws(() => stateOf([]))
  t.throws(() => stateOf([sent]))
  t.throws(() => stateOf([created, created]))
  t.strictSame([1, 2, 3, 7, 8, 100].map(retrySeconds), [10, 20, 40, 640, 900, 900])
})
