import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'mysql2/promise'
import type { Test } from 'tap'

/** For tests: what billing would have made, put where it would have put it. */
export const PDF = randomBytes(300_000)

/** A file of ticket keys with one key, `k1`. @returns Its path. */
export async function givenKeys(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'keys-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' }
  })
  await writeFile(join(directory, 'keys.json'), JSON.stringify({ keys: [{ kid: 'k1', privateKey, publicKey }] }))
  return join(directory, 'keys.json')
}

/** One order with its receipt and one ticket, as billing leaves them. */
export async function givenDocuments(pool: Pool, id: string = randomUUID()): Promise<string> {
  const ticket = { ticketId: randomUUID(), line: { lineNo: 1, section: 'Platea', row: 'A', seat: '1' } }
  await pool.query("insert into orders (order_id, code, last_sequence, email, language, data) values (?, ?, 1, 'a@b.cl', 'es', '{}')", [
    id,
    id.slice(0, 18)
  ])
  await pool.query('update folios set last = last + 1')
  await pool.query(
    `insert into receipts (document, folio, order_id, net_clp, iva_clp, total_clp, data)
     select 'boleta', last, ?, 9664, 1836, 11500, '{}' from folios`,
    [id]
  )
  await pool.query("insert into tickets (ticket_id, order_id, line_no, show_id, data, qr) values (?, ?, 1, 1, ?, '')", [
    ticket.ticketId,
    id,
    JSON.stringify(ticket)
  ])
  for (const name of ['receipt', 'tickets', 'ticket-1']) {
    await pool.query('insert into documents (order_id, name, bytes, sha256, rendered_at) values (?, ?, ?, ?, utc_timestamp(3))', [
      id,
      name,
      PDF,
      '0'.repeat(64)
    ])
  }
  return id
}
