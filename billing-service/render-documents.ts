import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { crashPoint } from '../chassis/crash-point.ts'
import type { Log } from '../chassis/log.ts'
import { type MariaTx, mariaTransaction } from '../chassis/mariadb.ts'
import type { Job } from './make-document.ts'
import { outlast } from './store.ts'

const BATCH_MAX = 16
const LEASE_SECONDS = 30 // longer than a batch takes; what a process that died had in hand is rendered this late
const RETRY_SECONDS_MAX = 600

interface Waiting {
  orderId: string
  name: string
}

/**
 * Renders one batch of the files that wait, and stores each with its hash. A
 * file is a pure function of its row: rendered twice, after a crash, it is the
 * same file. The lease keeps two processes from doing the same work; only the
 * first result is stored.
 *
 * A file that cannot be rendered comes back later, ever more rarely, and never
 * holds up the others. Nothing is given up: somebody paid for it.
 *
 * @param writer - Finds the pool of the node that leads; asked again for every transaction.
 * @returns How many files were stored.
 */
export async function renderOnce(writer: () => Pool, log: Log, render: (job: Job) => Promise<Buffer>): Promise<number> {
  const untilMs = performance.now() + LEASE_SECONDS * 1_000
  const batch = await mariaTransaction(writer(), lease)
  if (batch.length === 0) return 0
  crashPoint('render-claimed')
  const made = await Promise.all(
    batch.map(async (waiting) => {
      const rendered = await outlast(untilMs, () => jobOf(writer(), waiting))
        .then(render)
        .then(
          (bytes) => ({ bytes }),
          (err: unknown) => ({ err })
        )
      if ('err' in rendered) log.error({ err: rendered.err, orderId: waiting.orderId, document: waiting.name }, 'document not rendered')
      return { ...waiting, ...rendered }
    })
  )
  crashPoint('render-made')
  await outlast(untilMs, () =>
    mariaTransaction(writer(), async (tx) => {
      for (const file of made) await ('bytes' in file ? storeFile(tx, file, file.bytes) : postpone(tx, file))
    })
  )
  crashPoint('render-stored')
  return made.filter((file) => 'bytes' in file).length
}

/** What is leased for longer than this ever says was so by a clock that has been put back since: it is anybody's. */
async function lease(tx: MariaTx): Promise<Waiting[]> {
  const [rows] = await tx.execute<Array<RowDataPacket & Waiting>>(
    `select order_id as orderId, name
     from documents
     where rendered_at is null
       and (leased_until is null or leased_until < utc_timestamp(3) or leased_until > utc_timestamp(3) + interval ${RETRY_SECONDS_MAX} second)
     order by made_at
     limit ${BATCH_MAX}
     for update skip locked`
  )
  for (const { orderId, name } of rows) {
    await tx.execute(
      `update documents
       set leased_until = utc_timestamp(3) + interval ${LEASE_SECONDS} second, attempts = attempts + 1
       where order_id = ? and name = ?`,
      [orderId, name]
    )
  }
  return rows
}

async function jobOf(pool: Pool, { orderId, name }: Waiting): Promise<Job> {
  if (name === 'receipt') return receiptJob(pool, orderId)
  const lineNo = name === 'tickets' ? null : Number(name.replace('ticket-', ''))
  const [rows] = await pool.execute<Array<RowDataPacket & { data: string }>>(
    'select data from tickets where order_id = ? and line_no = coalesce(?, line_no) order by line_no',
    [orderId, lineNo]
  )
  assert(rows.length > 0, 'a file of tickets has tickets')
  return { kind: 'tickets', tickets: rows.map(({ data }) => JSON.parse(data)) }
}

async function receiptJob(pool: Pool, orderId: string): Promise<Job> {
  const [[row]] = await pool.execute<Array<RowDataPacket & { data: string; folio: number; issued_at: Date }>>(
    "select data, folio, issued_at from receipts where order_id = ? and document = 'boleta'",
    [orderId]
  )
  assert(row, 'a file of a receipt has a receipt')
  return { kind: 'receipt', receipt: JSON.parse(row.data), folio: row.folio, issuedAt: row.issued_at }
}

async function storeFile(tx: MariaTx, { orderId, name }: Waiting, bytes: Buffer): Promise<void> {
  await tx.execute(
    `update documents
     set bytes = ?, sha256 = ?, rendered_at = utc_timestamp(3), leased_until = null
     where order_id = ? and name = ? and rendered_at is null`,
    [bytes, createHash('sha256').update(bytes).digest('hex'), orderId, name]
  )
}

async function postpone(tx: MariaTx, { orderId, name }: Waiting): Promise<void> {
  await tx.execute(
    `update documents
     set leased_until = utc_timestamp(3) + interval least(${RETRY_SECONDS_MAX}, pow(2, attempts)) second
     where order_id = ? and name = ? and rendered_at is null`,
    [orderId, name]
  )
}
