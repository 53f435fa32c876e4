import assert from 'node:assert/strict'
import type { RowDataPacket } from 'mysql2/promise'
import { crashPoint } from '../chassis/crash-point.ts'
import type { Log } from '../chassis/log.ts'
import { type MariaTx, mariaTransaction } from '../chassis/mariadb.ts'
import { composeMail, type LinkSettings } from './compose-mail.ts'
import { judge, type Mailer } from './mailer.ts'
import { appendEvent, type NotificationEvent, readNotification } from './notifications.ts'
import { outlast, type Writer } from './store.ts'

const BATCH_MAX = 5
const LEASE_SECONDS = 90 // longer than a batch takes at a server that hangs; what a process that died had in hand is sent this late
const RETRY_SECONDS_MIN = 10
const RETRY_SECONDS_MAX = 900
const AWAY_SECONDS = 5
const FAILURES_MAX = 100 // with the delays above: a day

/** A mail in hand, until its lease ends. */
interface Due {
  id: string
  untilMs: number
}

/**
 * Sends one batch of the mails that are due; the mail of an order is due once
 * all its documents are there. What happened to each is appended to its events.
 *
 * A refusal for now is tried again, ever more rarely, for about a day; a refusal
 * for good ends it. A mail server that is away judges nothing: its mails wait,
 * and no try is counted. A mail is sent twice only when the server took it and
 * its answer, or our commit, was lost: both bear the same Message-ID.
 *
 * @returns How many mails came to an end or were put off, none of them for want of a server.
 */
export async function deliverOnce(writer: Writer, log: Log, mailer: Mailer, settings: LinkSettings): Promise<number> {
  const untilMs = performance.now() + LEASE_SECONDS * 1_000
  const due = await mariaTransaction(writer(), lease)
  if (due.length === 0) return 0
  crashPoint('deliver-claimed')
  const moved = await Promise.all(
    due.map((id) =>
      deliver(writer, log, mailer, settings, { id, untilMs }).catch((err: unknown) => {
        log.error({ err, notificationId: id }, 'mail left on the list: its lease brings it back')
        return false
      })
    )
  )
  const ended = moved.filter((end) => end).length
  if (ended < due.length) log.warn({ waiting: due.length - ended }, 'mails wait')
  return ended
}

async function deliver(writer: Writer, log: Log, mailer: Mailer, settings: LinkSettings, { id, untilMs }: Due): Promise<boolean> {
  const inStore = <T>(work: (tx: MariaTx) => Promise<T>) => outlast(untilMs, () => mariaTransaction(writer(), work))
  const { mail, state, sequence } = await inStore((tx) => readNotification(tx, id))
  if (state === 'sent' || state === 'failed') {
    await inStore((tx) => takeOffList(tx, id))
    return true
  }
  const composed = await outlast(untilMs, () => composeMail(writer(), mail, settings))
  const outcome = await mailer.send(id, mail.email, composed).then(
    (sent) => {
      crashPoint('deliver-accepted')
      return { type: 'NotificacionEnviada' as const, data: sent }
    },
    (err: unknown) => failureOf(log, id, err)
  )
  if (outcome === 'away') await inStore((tx) => putOff(tx, id, AWAY_SECONDS))
  else await inStore((tx) => append(tx, id, outcome, sequence))
  crashPoint('deliver-written')
  return outcome !== 'away'
}

function failureOf(log: Log, id: string, err: unknown): NotificationEvent | 'away' {
  const verdict = judge(err)
  log[verdict === 'away' ? 'debug' : 'warn']({ err, notificationId: id, verdict }, 'mail not sent')
  if (verdict === 'away') return verdict
  return { type: 'NotificacionFallida', data: { reason: String(err), permanent: verdict === 'permanent' } }
}

/**
 * Writes what happened, and what follows for the list of mails due.
 *
 * @param seen - How many events the mail had before: with more, this one is among them, though nobody heard that it was written.
 */
async function append(tx: MariaTx, id: string, event: NotificationEvent, seen: number): Promise<void> {
  const { sequence, failures, state } = await readNotification(tx, id)
  if (event.type !== 'NotificacionFallida') {
    if (state !== 'sent') await appendEvent(tx, id, sequence + 1, event)
    return takeOffList(tx, id)
  }
  if (sequence > seen) return
  const permanent = event.data.permanent || failures + 1 >= FAILURES_MAX
  await appendEvent(tx, id, sequence + 1, { ...event, data: { ...event.data, permanent } })
  return permanent ? takeOffList(tx, id) : putOff(tx, id, retrySeconds(failures + 1))
}

/** @param failures - How often it was tried in vain, this time included. */
export function retrySeconds(failures: number): number {
  assert(failures > 0)
  return Math.min(RETRY_SECONDS_MAX, RETRY_SECONDS_MIN * 2 ** (failures - 1))
}

/** What is due later, or leased for longer, than this ever says was so by a clock that has been put back since: it is due now. */
async function lease(tx: MariaTx): Promise<string[]> {
  const [rows] = await tx.execute<Array<RowDataPacket & { id: string }>>(
    `select notification_id as id
     from mails_due
     where (due_at <= utc_timestamp(3) or due_at > utc_timestamp(3) + interval ${RETRY_SECONDS_MAX} second)
       and (leased_until is null or leased_until < utc_timestamp(3) or leased_until > utc_timestamp(3) + interval ${LEASE_SECONDS} second)
       and not exists (select 1 from documents where documents.order_id = mails_due.order_id and rendered_at is null)
     order by due_at
     limit ${BATCH_MAX}
     for update skip locked`
  )
  for (const { id } of rows) {
    await tx.execute(
      `update mails_due
       set leased_until = utc_timestamp(3) + interval ${LEASE_SECONDS} second, attempts = attempts + 1
       where notification_id = ?`,
      [id]
    )
  }
  return rows.map(({ id }) => id)
}

async function takeOffList(tx: MariaTx, id: string): Promise<void> {
  await tx.execute('delete from mails_due where notification_id = ?', [id])
}

async function putOff(tx: MariaTx, id: string, seconds: number): Promise<void> {
  await tx.execute('update mails_due set due_at = utc_timestamp(3) + interval ? second, leased_until = null where notification_id = ?', [
    seconds,
    id
  ])
}
