import assert from 'node:assert/strict'
import type { OrdenCreada } from '../contracts/orden-creada.ts'

export interface Issuer {
  rut: string
  name: string
  activity: string
  address: string
  city: string
}

export interface Amounts {
  netClp: number
  ivaClp: number
  totalClp: number
}

/** One line of a receipt. `text` names what was sold, `detail` says which one. */
export interface ReceiptLine {
  kind: 'ticket' | 'service'
  text: string
  detail: string
  quantity: number
  amountClp: number
}

/** Everything a receipt prints but its folio and its moment, both of which its row has. */
export interface Receipt extends Amounts {
  issuer: Issuer
  buyer: { name: string; rut?: string }
  orderCode: string
  show: Pick<OrdenCreada['show'], 'title' | 'venue' | 'city' | 'startsAt' | 'timeZone'>
  lines: ReceiptLine[]
  /** Where the portal is. */
  shopUrl: string
}

/**
 * What the law wants on the receipt of an order. Prices are gross: net and IVA
 * are taken once, from the total.
 *
 * @throws AssertionError when the lines of the order are not its total.
 */
export function receiptOf(order: OrdenCreada, issuer: Issuer, shopUrl: string): Receipt {
  const { buyer, code, totalClp, show } = order
  const lines = linesOf(order)
  const sum = lines.reduce((clp, { amountClp }) => clp + amountClp, 0)
  assert.equal(sum, totalClp, 'the lines of the order are not its total')
  return {
    ...amountsOf(totalClp),
    issuer,
    buyer: { name: buyer.name, ...(buyer.rut && rutIsRight(buyer.rut) ? { rut: buyer.rut } : {}) },
    orderCode: code,
    show: { title: show.title, venue: show.venue, city: show.city, startsAt: show.startsAt, timeZone: show.timeZone },
    lines,
    shopUrl
  }
}

function linesOf({ lines, show, serviceFeeClp }: OrdenCreada): ReceiptLine[] {
  const tickets = lines.map(({ section, row, seat, ticketType, priceClp }) => ({
    kind: 'ticket' as const,
    text: `TICKET ${show.title}`,
    detail: [section, row && `fila ${row}`, seat && `asiento ${seat}`, ticketType].filter((part) => part !== '').join(', '),
    quantity: 1,
    amountClp: priceClp
  }))
  if (serviceFeeClp === 0) return tickets
  const detail = 'Cargo por servicio de venta'
  return [...tickets, { kind: 'service', text: 'VALOR SERVICIO - COMISIÓN', detail, quantity: 1, amountClp: serviceFeeClp }]
}

/**
 * round(gross / 1.19) in whole numbers, and the rest: IVA is never a rounding of
 * its own, so the two always make the total.
 *
 * @param totalClp - Gross, all of it taxed.
 */
export function amountsOf(totalClp: number): Amounts {
  const netClp = Math.floor((200 * totalClp + 119) / 238)
  return { netClp, ivaClp: totalClp - netClp, totalClp }
}

/** A number whose verifier is wrong is nobody's: such a receipt names no buyer, which the law allows. */
function rutIsRight(rut: string): boolean {
  const [body = '', verifier] = rut.split('-')
  let [sum, factor] = [0, 2]
  for (const digit of [...body].reverse()) {
    sum += Number(digit) * factor
    factor = factor === 7 ? 2 : factor + 1
  }
  return verifier === '0123456789K0'[11 - (sum % 11)]
}
