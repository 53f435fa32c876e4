import type { Documents } from '../contracts/documents.ts'
import type { Purchase } from '../contracts/purchase.ts'
import { type LineView, moneyView } from './checkout-view.ts'
import { momentOf } from './dates.ts'
import type { SeatKind } from './seats.ts'
import type { ShowHeader } from './show-header.ts'
import type { Words } from './words.ts'

export interface OrderView {
  purchaseId: string
  code: string
  thanks: string
  show: { title: string; when: string } | undefined
  lines: LineView[]
  fee: string
  total: string
  documents: DocumentsView
  progress: string
  /** Whether the page has to be looked at again: something is still on its way. */
  pending: boolean
}

interface DocumentsView {
  ready: boolean
  /** They were read from the replica, which may be behind. */
  copy: boolean
  files: Array<{ id: string; href: string; text: string }>
}

/**
 * @param documents - undefined while nobody can tell, which looks the same as being prepared.
 */
export function orderView(
  words: Words,
  purchase: Purchase,
  documents: Documents | undefined,
  show: ShowHeader | undefined,
  kinds?: ReadonlyMap<number, SeatKind>
): OrderView {
  const { purchaseId, totalClp, buyer } = purchase
  const email = buyer?.email ?? ''
  return {
    purchaseId,
    code: purchase.code ?? '',
    thanks: totalClp === 0 ? words.order.thanksFree(email) : words.order.thanks(email),
    show: show && { title: show.title, when: `${momentOf(words, show.startsAt, show.timeZone)} · ${show.venue}` },
    ...moneyView(words, purchase, kinds),
    documents: documentsView(words, purchaseId, documents),
    progress: progressOf(purchase, documents),
    pending: documents?.state !== 'ready'
  }
}

/** Where a purchase stands, in one word: a page that shows another one is old. */
export function progressOf(purchase: Purchase, documents: Documents | undefined): string {
  return `${purchase.state === 'documented' ? 'ordered' : purchase.state}-${documents?.state ?? 'pending'}`
}

function documentsView(words: Words, purchaseId: string, documents: Documents | undefined): DocumentsView {
  const base = `/compras/${purchaseId}`
  const copy = documents?.source === 'replica'
  if (documents?.state !== 'ready') return { ready: false, copy, files: [] }
  const { receipt, tickets } = documents
  return {
    ready: true,
    copy,
    files: [
      ...(receipt ? [{ id: 'boleta', href: `${base}/boleta.pdf`, text: words.order.receipt(String(receipt.folio)) }] : []),
      ...(tickets.length > 1 ? [{ id: 'entradas', href: `${base}/entradas.pdf`, text: words.order.allTickets }] : []),
      ...tickets.map(({ lineNo, section, row, seat }) => ({
        id: `entrada-${lineNo}`,
        href: `${base}/entradas/${lineNo}.pdf`,
        text: words.order.ticket(words.place(section, row, seat))
      }))
    ]
  }
}
