import type { OrdenCreada } from '../contracts/orden-creada.ts'

/** Everything a ticket prints, as it was when the order was made. */
export interface Ticket {
  ticketId: string
  /** The signed text of its QR. */
  qr: string
  orderCode: string
  holder: string
  number: number
  of: number
  show: OrdenCreada['show']
  line: OrdenCreada['lines'][number]
}
