import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Instance } from '../cluster/instance.ts'
import { found, leaderOf } from './books.ts'
import type { Paper } from './evidence.ts'

const run = promisify(execFile)
const CONNECT_MS_MAX = 10_000
const READ_MS_MAX = 20_000
/** So many receipts of a series are read as people read them, evenly spread over it. */
const READ_MAX = 8

/**
 * Reads receipts from their paper: what is printed is what was sold.
 *
 * @returns One sentence per receipt whose paper says something else.
 */
export async function misprints({ mariadbUrls }: Pick<Instance, 'mariadbUrls'>, papers: Paper[]): Promise<string[]> {
  const rendered = papers.filter(({ renderedAt, totalClp }) => renderedAt !== null && totalClp > 0)
  const every = Math.max(1, Math.ceil(rendered.length / READ_MAX))
  const uri = await leaderOf(mariadbUrls.nodes)
  const connection = await found(() => createConnection({ uri, connectTimeout: CONNECT_MS_MAX }))
  try {
    const wrong: string[] = []
    for (const paper of rendered.filter((_, i) => i % every === 0)) {
      const [[row]] = await connection.query<Array<RowDataPacket & { folio: number; bytes: Buffer }>>(
        `select receipts.folio, documents.bytes from receipts join documents using (order_id)
         where order_id = ? and document = 'boleta' and name = 'receipt'`,
        [paper.orderId]
      )
      wrong.push(
        ...(row
          ? misprintsIn(await textOf(row.bytes), { ...paper, folio: row.folio })
          : [`the receipt of order ${paper.orderId} is not there`])
      )
    }
    return wrong
  } finally {
    await connection.end()
  }
}

/** @param text - What a reader sees on the paper. */
export function misprintsIn(text: string, { orderId, folio, totalClp }: Pick<Paper, 'orderId' | 'totalClp'> & { folio: number }): string[] {
  const total = totalClp.toLocaleString('es-CL')
  const amounts = [...text.matchAll(/\d{1,3}(?:\.\d{3})+|\d+/g)].map(([amount]) => amount)
  return [
    ...(amounts.includes(total) ? [] : [`the paper of order ${orderId} does not say its total of ${total}`]),
    ...(amounts.includes(String(folio)) || amounts.includes(folio.toLocaleString('es-CL'))
      ? []
      : [`the paper of order ${orderId} does not say its folio ${folio}`])
  ]
}

/** What a reader sees on a PDF. */
export async function textOf(pdf: Buffer): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'printed-'))
  try {
    await writeFile(join(directory, 'paper.pdf'), pdf)
    return (await run('pdftotext', ['-layout', join(directory, 'paper.pdf'), '-'], { timeout: READ_MS_MAX })).stdout
  } finally {
    await rm(directory, { recursive: true })
  }
}
