import assert from 'node:assert/strict'
import type { RowDataPacket } from 'mysql2/promise'
import type { MariaTx } from '../chassis/mariadb.ts'
import type { Language } from '../contracts/values.ts'

/** A mail to somebody: the documents of one order, or the links to several. */
export interface Mail {
  kind: 'order' | 'links'
  orderIds: string[]
  email: string
  language: Language
  /** From when on its links count their year. */
  issuedAt: string
}

/** What happened to one mail, in the order it happened. */
export type NotificationEvent =
  | { type: 'NotificacionCreada'; data: Mail }
  | { type: 'NotificacionFallida'; data: { reason: string; permanent: boolean } }
  | { type: 'NotificacionEnviada'; data: { messageId: string; response: string } }

export interface NotificationState {
  mail: Mail
  state: 'created' | 'retrying' | 'failed' | 'sent'
  /** How often it was tried in vain. */
  failures: number
  /** The sequence of the last event: the next one counts up. */
  sequence: number
}

/**
 * The state of a mail is what its events add up to, and nothing else.
 *
 * Sent is sent: a failure that is written later was another try of the same mail.
 */
export function stateOf(events: NotificationEvent[]): NotificationState {
  const [created, ...later] = events
  assert(created?.type === 'NotificacionCreada', 'the first event of a mail is its creation')
  const initial: NotificationState = { mail: created.data, state: 'created', failures: 0, sequence: 1 }
  return later.reduce(evolve, initial)
}

function evolve(before: NotificationState, event: NotificationEvent): NotificationState {
  const after = { ...before, sequence: before.sequence + 1 }
  switch (event.type) {
    case 'NotificacionEnviada':
      return { ...after, state: 'sent' }
    case 'NotificacionFallida': {
      const state = event.data.permanent ? 'failed' : 'retrying'
      return { ...after, failures: before.failures + 1, state: before.state === 'sent' ? 'sent' : state }
    }
    case 'NotificacionCreada':
      throw new assert.AssertionError({ message: 'a mail is created once' })
  }
}

/** Says, in the same transaction, that a mail is due. The deliverer sends it once all documents of its order are there. */
export async function announceMail(tx: MariaTx, mail: Mail, notificationId: string): Promise<void> {
  await appendEvent(tx, notificationId, 1, { type: 'NotificacionCreada', data: mail })
  const orderId = mail.kind === 'order' ? mail.orderIds[0] : null
  await tx.execute('insert into mails_due (notification_id, order_id) values (?, ?)', [notificationId, orderId ?? null])
}

/** The unique key on the sequence is the guard: two writers that saw the same state cannot both go on from it. */
export async function appendEvent(tx: MariaTx, notificationId: string, sequence: number, { type, data }: NotificationEvent): Promise<void> {
  await tx.execute('insert into notification_events (notification_id, sequence, type, data) values (?, ?, ?, ?)', [
    notificationId,
    sequence,
    type,
    JSON.stringify(data)
  ])
}

export async function readNotification(tx: MariaTx, notificationId: string): Promise<NotificationState> {
  const [rows] = await tx.execute<Array<RowDataPacket & { type: string; data: string }>>(
    'select type, data from notification_events where notification_id = ? order by sequence',
    [notificationId]
  )
  return stateOf(rows.map(({ type, data }) => ({ type, data: JSON.parse(data) }) as NotificationEvent))
}
