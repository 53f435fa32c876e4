import type { Pool, RowDataPacket } from 'mysql2/promise'
import { unavailable } from '../chassis/errors.ts'
import { isMariadbDown } from '../chassis/mariadb.ts'
import type { Documents } from '../contracts/documents.ts'
import { refuse } from './refusals.ts'
import type { Ticket } from './ticket-page.ts'

const READ_MS_MAX = 3_000

/** A document as it was rendered, once and for all. */
export interface File {
  /** What a person's computer calls it: `boleta-123.pdf`, `entrada-ABCD1234-1.pdf`, `entradas-ABCD1234.pdf`. */
  fileName: string
  sha256: string
  bytes: Buffer
}

/**
 * What there is of an order. An order that nobody has heard of is `pending`: its
 * event may be on its way, or not yet on the node that was asked.
 */
export async function readDocuments(pool: Pool, orderId: string): Promise<Omit<Documents, 'source'>> {
  const [tickets, receipt, waiting] = await Promise.all([
    findTickets(pool, orderId),
    findReceipt(pool, orderId),
    countWaiting(pool, orderId)
  ])
  return {
    orderId,
    state: tickets.length > 0 && waiting === 0 ? 'ready' : 'pending',
    ...(receipt ? { receipt: { folio: receipt.folio, totalClp: receipt.total_clp, issuedAt: receipt.issued_at.toISOString() } } : {}),
    tickets: tickets.map(({ ticketId, line: { lineNo, section, row, seat } }) => ({ lineNo, ticketId, section, row, seat }))
  }
}

/**
 * @param name - `receipt`, `tickets` or `ticket-<lineNo>`.
 * @throws Refusal `DOCUMENT_UNKNOWN`, or `DOCUMENT_PENDING` while it is being made.
 */
export async function readFile(pool: Pool, orderId: string, name: string): Promise<File> {
  const row = await findFile(pool, orderId, name)
  if (!row) throw refuse('DOCUMENT_UNKNOWN', { orderId, document: name })
  if (!row.bytes || !row.sha256) throw refuse('DOCUMENT_PENDING', { orderId, document: name })
  return { fileName: fileNameOf(name, row.code, row.folio), sha256: row.sha256, bytes: row.bytes }
}

function fileNameOf(name: string, code: string, folio: number | null): string {
  if (name === 'receipt') return `boleta-${folio}.pdf`
  return name === 'tickets' ? `entradas-${code}.pdf` : `entrada-${code}-${name.replace('ticket-', '')}.pdf`
}

/** What the node is at this moment: the primary is the one that takes writes. */
export async function sourceOf(pool: Pool): Promise<Documents['source']> {
  const [row] = await read<{ readOnly: number }>(pool, 'select @@read_only as readOnly', [])
  return row?.readOnly === 0 ? 'primary' : 'replica'
}

async function findTickets(pool: Pool, orderId: string): Promise<Ticket[]> {
  const rows = await read<{ data: string }>(pool, 'select data from tickets where order_id = ? order by line_no', [orderId])
  return rows.map(({ data }) => JSON.parse(data))
}

async function findReceipt(pool: Pool, orderId: string) {
  const sql = "select folio, total_clp, issued_at from receipts where order_id = ? and document = 'boleta'"
  const [row] = await read<{ folio: number; total_clp: number; issued_at: Date }>(pool, sql, [orderId])
  return row
}

async function countWaiting(pool: Pool, orderId: string): Promise<number> {
  const sql = 'select count(*) as waiting from documents where order_id = ? and rendered_at is null'
  const [row] = await read<{ waiting: number }>(pool, sql, [orderId])
  return row?.waiting ?? 0
}

async function findFile(pool: Pool, orderId: string, name: string) {
  const sql = `select documents.bytes, documents.sha256, orders.code, receipts.folio
               from documents
               join orders on orders.order_id = documents.order_id
               left join receipts on receipts.order_id = documents.order_id and receipts.document = 'boleta'
               where documents.order_id = ? and documents.name = ?`
  const [row] = await read<{ bytes: Buffer | null; sha256: string | null; code: string; folio: number | null }>(pool, sql, [orderId, name])
  return row
}

/** A node that is away is no answer about documents: the caller asks the other node. */
async function read<Row>(pool: Pool, sql: string, values: string[]): Promise<Row[]> {
  const [rows] = await pool.query<Array<RowDataPacket & Row>>({ sql, values, timeout: READ_MS_MAX }).catch((err: unknown) => {
    const late = (err as { code?: string }).code === 'PROTOCOL_SEQUENCE_TIMEOUT'
    throw late || isMariadbDown(err) ? unavailable('the document store', err) : err
  })
  return rows
}
