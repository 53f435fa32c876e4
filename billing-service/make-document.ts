import { type Fonts, openPaper } from './paper.ts'
import type { Receipt } from './receipt.ts'
import { drawReceipt } from './receipt-page.ts'
import { drawTicket, type Ticket } from './ticket-page.ts'

/** Everything that goes into one file: the same job is the same bytes. */
export type Job = { kind: 'receipt'; receipt: Receipt; folio: number; issuedAt: Date } | { kind: 'tickets'; tickets: Ticket[] }

/** @returns A PDF. */
export function makeDocument(fonts: Fonts, job: Job): Promise<Buffer> {
  if (job.kind === 'receipt') {
    const paper = openPaper(fonts, `Boleta electrónica N° ${job.folio}`, job.issuedAt)
    drawReceipt(paper, job.receipt, job.folio, job.issuedAt)
    return paper.bytes()
  }
  const [first] = job.tickets as [Ticket]
  const name = job.tickets.length === 1 ? `Entrada ${first.number} de ${first.of}` : `Entradas 1 a ${first.of}`
  const paper = openPaper(fonts, `${name}: ${first.show.title} (${first.orderCode})`, new Date(first.madeAt))
  for (const ticket of job.tickets) drawTicket(paper, ticket)
  return paper.bytes()
}
