import type { OrdenCreada } from '../contracts/orden-creada.ts'
import { momentInEnglish, momentInSpanish } from './dates.ts'
import { pesos } from './money.ts'
import { INK, PAGE, type Paper } from './paper.ts'
import { drawQr } from './qr-picture.ts'

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
  /** When the order was made: the age that the file tells of itself. */
  madeAt: string
  /** Where the portal is. */
  shopUrl: string
}

const CARD = { left: PAGE.margin, top: 86, right: PAGE.width - PAGE.margin, radius: 14, notch: 9 }
const PAD = 26
const LEFT = CARD.left + PAD
const RIGHT = CARD.right - PAD
const QR_SIDE = 200
const FACTS_LEFT = LEFT + QR_SIDE + 34
const SMALL = { size: 7.5, color: INK.quiet }
const TERMS = [
  'Presenta este código en la entrada, impreso o en tu teléfono. Vale para un solo ingreso: entra quien lo muestra primero, así que no publiques fotos de él.\nLa entrada no se canjea por dinero, salvo en los casos que fija la ley, por ejemplo si el espectáculo se cancela o se reprograma.',
  'Show this code at the door, on paper or on your phone. It admits one person once: whoever shows it first goes in, so do not post pictures of it.\nTickets are not exchanged for money except where the law says so, for instance when a show is cancelled or rescheduled.'
]

/** One A4 page that opens a door: large where a gate or an usher looks, good in black and white, and small print below the card. */
export function drawTicket(paper: Paper, ticket: Ticket): void {
  paper.addPage()
  paper.group('Sect', () => {
    drawHead(paper, ticket)
    const tear = drawShow(paper, ticket) + 26
    const top = tear + 30
    drawCode(paper, ticket, top)
    drawSeat(paper, ticket, top)
    const bottom = drawHolder(paper, ticket, top + QR_SIDE + 42) + 20
    paper.decorate((doc) => drawCard(doc, tear, bottom))
    drawTerms(paper, ticket, bottom + 20)
  })
}

/** The name of the shop at the top left of a page, its sign before it. */
export function drawBrand(paper: Paper, x: number, y: number): void {
  paper.decorate((doc) => {
    doc.roundedRect(x, y, 22, 15, 3).fill(INK.brand)
    doc
      .circle(x, y + 7.5, 2.6)
      .circle(x + 22, y + 7.5, 2.6)
      .fill('#ffffff')
    doc
      .lineWidth(1)
      .dash(1.6, { space: 1.6 })
      .moveTo(x + 14.5, y + 2)
      .lineTo(x + 14.5, y + 13)
      .stroke('#ffffff')
  })
  paper.write('TicketFlow', x + 29, y - 1, { weight: 'bold', size: 14, color: INK.brand, width: 200 })
}

function drawHead(paper: Paper, { number, of }: Ticket): void {
  drawBrand(paper, CARD.left, 49)
  const style = { width: 200, align: 'right' as const }
  paper.write(`Entrada ${number} de ${of}`, CARD.right - 200, 44, { ...style, weight: 'semibold', size: 13 })
  paper.write(`Ticket ${number} of ${of}`, CARD.right - 200, 61, { ...style, size: 9, color: INK.quiet })
}

/** A card with a notch at either end of the line where a ticket is torn. */
function drawCard(doc: PDFKit.PDFDocument, tear: number, bottom: number): void {
  const { left, top, right, radius: r, notch: n } = CARD
  const corner = (x: number, y: number) => `A ${r} ${r} 0 0 1 ${x} ${y}`
  const cut = (x: number, y: number) => `A ${n} ${n} 0 0 0 ${x} ${y}`
  doc
    .path(
      `M ${left + r} ${top} L ${right - r} ${top} ${corner(right, top + r)} L ${right} ${tear - n} ${cut(right, tear + n)}
       L ${right} ${bottom - r} ${corner(right - r, bottom)} L ${left + r} ${bottom} ${corner(left, bottom - r)}
       L ${left} ${tear + n} ${cut(left, tear - n)} L ${left} ${top + r} ${corner(left + r, top)} Z`
    )
    .lineWidth(1.1)
    .stroke(INK.text)
  doc
    .lineWidth(0.9)
    .dash(4, { space: 4 })
    .moveTo(left + n + 5, tear)
    .lineTo(right - n - 5, tear)
    .stroke(INK.line)
    .undash()
}

/** @returns Where the lower of the two columns ends. */
function drawShow(paper: Paper, { show }: Ticket): number {
  const width = RIGHT - LEFT
  const title = { weight: 'extrabold', size: 32, sizeMin: 24, lines: 3, width, tag: 'H1', lineGap: -2 } as const
  const y = paper.write(show.title, LEFT, CARD.top + 24, title) + 18
  const when = 250
  return Math.max(drawWhen(paper, show, LEFT, y, when), drawWhere(paper, show, LEFT + when + 20, y, width - when - 20))
}

function drawWhen(paper: Paper, { startsAt, doorsAt, timeZone }: Ticket['show'], x: number, y: number, width: number): number {
  const [starts, startsEn] = [momentInSpanish(startsAt, timeZone), momentInEnglish(startsAt, timeZone)]
  const quiet = { size: 9, color: INK.quiet, width }
  const timeEnd = paper.write(starts.time, x, y, { weight: 'bold', size: 26, width })
  const dateEnd = paper.write(starts.date, x, timeEnd + 2, { weight: 'semibold', size: 13.5, sizeMin: 11, width })
  const startEnd = paper.write(`${startsEn.date}, ${startsEn.time}`, x, dateEnd + 2, quiet)
  if (!doorsAt) return startEnd
  const [doors, doorsEn] = [momentInSpanish(doorsAt, timeZone).time, momentInEnglish(doorsAt, timeZone).time]
  const doorsEnd = paper.write(`Puertas abiertas desde las ${doors}`, x, startEnd + 10, { weight: 'medium', size: 10.5, width })
  return paper.write(`Doors open at ${doorsEn}`, x, doorsEnd + 1, quiet)
}

function drawWhere(paper: Paper, { venue, address, city }: Ticket['show'], x: number, y: number, width: number): number {
  const venueEnd = paper.write(venue, x, y + 7, { weight: 'bold', size: 16, sizeMin: 11, lines: 3, width })
  const addressEnd = paper.write(address, x, venueEnd + 4, { size: 11, sizeMin: 9, lines: 3, width })
  return paper.write(city, x, addressEnd + 2, { size: 11, width })
}

function drawCode(paper: Paper, { qr, ticketId }: Ticket, y: number): void {
  paper.picture('Código QR de la entrada', (doc) => drawQr(doc, qr, LEFT, y, QR_SIDE))
  paper.write(ticketId, LEFT, y + QR_SIDE + 9, { size: 6.5, color: INK.quiet, width: QR_SIDE, align: 'center' })
}

function drawSeat(paper: Paper, { line }: Ticket, y: number): void {
  const width = RIGHT - FACTS_LEFT
  const sectionEnd = drawFact(paper, 'Sector', 'Section', line.section, FACTS_LEFT, y - 2, { width, size: 27, sizeMin: 17, lines: 2 })
  const next = Math.max(sectionEnd + 22, y + 84)
  if (line.row === '' && line.seat === '') {
    const end = paper.write('Sin asiento numerado', FACTS_LEFT, next, { weight: 'semibold', size: 15, width })
    paper.write('Unnumbered place: general admission', FACTS_LEFT, end + 2, { size: 9.5, color: INK.quiet, width })
    return
  }
  const half = (width - 16) / 2
  drawFact(paper, 'Fila', 'Row', line.row || '—', FACTS_LEFT, next, { width: half, size: 48, sizeMin: 18 })
  drawFact(paper, 'Asiento', 'Seat', line.seat || '—', FACTS_LEFT + half + 16, next, { width: half, size: 48, sizeMin: 18 })
}

/** @returns Where the tallest of the facts ends. */
function drawHolder(paper: Paper, { holder, orderCode, line }: Ticket, y: number): number {
  paper.decorate((doc) =>
    doc
      .lineWidth(0.7)
      .moveTo(LEFT, y - 15)
      .lineTo(RIGHT, y - 15)
      .stroke(INK.hair)
  )
  const facts: Array<[es: string, en: string, value: string, width: number]> = [
    ['Titular', 'Holder', holder, 176],
    ['Orden', 'Order', orderCode, 92],
    ['Tipo', 'Type', line.ticketType, 84],
    ['Precio', 'Price', line.priceClp === 0 ? 'Gratis' : pesos(line.priceClp), 71]
  ]
  let [x, end] = [LEFT, y]
  for (const [es, en, value, width] of facts) {
    end = Math.max(end, drawFact(paper, es, en, value, x, y, { width, size: 12, sizeMin: 9, lines: 3 }))
    x += width + 8
  }
  return end
}

interface FactStyle {
  width: number
  size: number
  sizeMin: number
  lines?: number
}

/** A small label in two languages with a large value under it. */
function drawFact(paper: Paper, es: string, en: string, value: string, x: number, y: number, style: FactStyle): number {
  paper.write(`${es} / ${en}`, x, y, { size: 8.5, color: INK.quiet, width: style.width })
  return paper.write(value, x, y + 13, { weight: 'bold', lineGap: -1, ...style })
}

function drawTerms(paper: Paper, { shopUrl }: Ticket, top: number): void {
  const gap = 28
  const width = (CARD.right - CARD.left - gap) / 2
  const ends = TERMS.map((text, column) =>
    text
      .split('\n')
      .reduce(
        (y, paragraph) => paper.write(paragraph, CARD.left + column * (width + gap), y, { ...SMALL, width, lines: 8, lineGap: 1.5 }) + 3,
        top
      )
  )
  const y = Math.max(...ends, PAGE.height - PAGE.margin - 10)
  paper.write(`Tus entradas y tu boleta: ${shopUrl.replace(/^https?:\/\//, '')}`, CARD.left, y, { ...SMALL, width, link: shopUrl })
}
