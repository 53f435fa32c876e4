import { clock, dayOf } from './dates.ts'
import { pesos, rutWithPoints } from './money.ts'
import { INK, PAGE, type Paper, type Style } from './paper.ts'
import type { Receipt, ReceiptLine } from './receipt.ts'
import { drawBrand } from './ticket-page.ts'

/** The law's documents are dated at the capital's clock, wherever the show is. */
const LEGAL_TIME_ZONE = 'America/Santiago'
const NOT_VALID = ['Sin validez tributaria:', 'documento de desarrollo']
const RED = '#b91c1c'
const LEFT = PAGE.margin
const RIGHT = PAGE.width - PAGE.margin
const WIDTH = RIGHT - LEFT
const BOX = { width: 212, height: 92 }
/** 16 columns of PDF417 are 7 cm wide and less than 3 cm high, with a quarter of an inch empty around. */
const STAMP = { width: 236, height: 122 }
/** An order of ten tickets and its fee still fits on the page. */
const DENSE_LINES = 6
const AMOUNT_WIDTH = 96
const QUANTITY_WIDTH = 40

/** A receipt on one A4 page: the red box, who sold to whom, what, the tax, and the place of the fiscal stamp. */
export function drawReceipt(paper: Paper, receipt: Receipt, folio: number, issuedAt: Date): void {
  paper.addPage()
  paper.group('Sect', () => {
    drawIssuer(paper, receipt)
    drawBox(paper, receipt, folio)
    const factsEnd = drawFacts(paper, receipt, issuedAt)
    const linesEnd = drawLines(paper, receipt.lines, factsEnd + 20)
    drawTotals(paper, receipt, linesEnd + 18)
    drawStamp(paper, linesEnd + 18)
    drawFoot(paper, receipt)
  })
}

function drawIssuer(paper: Paper, { issuer }: Receipt): void {
  const width = WIDTH - BOX.width - 30
  drawBrand(paper, LEFT, PAGE.margin + 3)
  const nameEnd = paper.write(issuer.name, LEFT, PAGE.margin + 36, { weight: 'bold', size: 13, sizeMin: 9, lines: 2, width })
  const style = { size: 9.5, sizeMin: 8, lines: 2, color: INK.quiet, width }
  const activityEnd = paper.write(`Giro: ${issuer.activity}`, LEFT, nameEnd + 4, style)
  paper.write(`${issuer.address}, ${issuer.city}`, LEFT, activityEnd + 2, style)
}

function drawBox(paper: Paper, { issuer }: Receipt, folio: number): void {
  const [x, y] = [RIGHT - BOX.width, PAGE.margin]
  paper.decorate((doc) => doc.lineWidth(2).rect(x, y, BOX.width, BOX.height).stroke(RED))
  const style: Style = { weight: 'bold', size: 14, color: RED, width: BOX.width - 16, align: 'center', sizeMin: 10 }
  paper.write(`R.U.T.: ${rutWithPoints(issuer.rut)}`, x + 8, y + 14, style)
  paper.write('BOLETA ELECTRÓNICA', x + 8, y + 38, { ...style, tag: 'H1' })
  paper.write(`N° ${folio}`, x + 8, y + 62, style)
  paper.write(NOT_VALID.join(' '), x, y + BOX.height + 7, { weight: 'semibold', size: 8, color: RED, width: BOX.width, align: 'center' })
}

function drawFacts(paper: Paper, { buyer, orderCode, show }: Receipt, issuedAt: Date): number {
  const y = PAGE.margin + BOX.height + 42
  const starts = new Date(show.startsAt)
  const columns: Array<Array<[label: string, value: string]>> = [
    [
      ['Cliente', buyer.name],
      ...(buyer.rut ? [['RUT', rutWithPoints(buyer.rut)] satisfies [string, string]] : []),
      ['Fecha de emisión', `${dayOf(issuedAt, LEGAL_TIME_ZONE)}, ${clock(issuedAt, LEGAL_TIME_ZONE)} h`],
      ['Orden', orderCode]
    ],
    [
      ['Espectáculo', show.title],
      ['Función', `${dayOf(starts, show.timeZone)}, ${clock(starts, show.timeZone)} h`],
      ['Lugar', `${show.venue}, ${show.city}`]
    ]
  ]
  const width = (WIDTH - 24) / 2
  return Math.max(
    ...columns.map((facts, column) =>
      facts.reduce((top, [label, value]) => drawFact(paper, label, value, LEFT + column * (width + 24), top, width), y)
    )
  )
}

function drawFact(paper: Paper, label: string, value: string, x: number, y: number, width: number): number {
  const labelWidth = 82
  paper.write(label, x, y, { size: 9, color: INK.quiet, width: labelWidth })
  return paper.write(value, x + labelWidth, y, { weight: 'medium', size: 9, sizeMin: 8, lines: 3, width: width - labelWidth }) + 5
}

function drawLines(paper: Paper, lines: ReceiptLine[], top: number): number {
  const pad = lines.length > DENSE_LINES ? 3.5 : 7
  let y = top
  const rule = (color: string, weight: number) =>
    paper.decorate((doc) => doc.lineWidth(weight).moveTo(LEFT, y).lineTo(RIGHT, y).stroke(color))
  paper.group('Table', () => {
    rule(INK.text, 1)
    paper.group('TR', () => {
      const head = { weight: 'semibold', size: 8.5, color: INK.quiet, tag: 'TH' } as const
      paper.write('Cant.', LEFT, y + 7, { ...head, width: QUANTITY_WIDTH })
      paper.write('Detalle', LEFT + QUANTITY_WIDTH, y + 7, { ...head, width: 200 })
      paper.write('Valor', RIGHT - AMOUNT_WIDTH, y + 7, { ...head, width: AMOUNT_WIDTH, align: 'right' })
    })
    y += 25
    for (const line of lines) {
      rule(INK.hair, 0.7)
      paper.group('TR', () => {
        y = drawLine(paper, line, y + pad) + pad
      })
    }
    rule(INK.text, 1)
  })
  return y
}

function drawLine(paper: Paper, { quantity, text, detail, amountClp }: ReceiptLine, y: number): number {
  const width = WIDTH - QUANTITY_WIDTH - AMOUNT_WIDTH - 12
  const amount = { size: 10, tag: 'TD', features: ['tnum'] } satisfies Partial<Style>
  paper.write(String(quantity), LEFT, y, { ...amount, width: QUANTITY_WIDTH })
  const textEnd = paper.write(text, LEFT + QUANTITY_WIDTH, y, { weight: 'medium', size: 10, sizeMin: 8, width, tag: 'TD' })
  paper.write(pesos(amountClp), RIGHT - AMOUNT_WIDTH, y, { ...amount, width: AMOUNT_WIDTH, align: 'right' })
  return paper.write(detail, LEFT + QUANTITY_WIDTH, textEnd + 1, { size: 8.5, sizeMin: 7, color: INK.quiet, width, tag: 'TD' })
}

function drawTotals(paper: Paper, { netClp, ivaClp, totalClp }: Receipt, top: number): void {
  const x = LEFT + STAMP.width + 34
  const width = RIGHT - x
  const row = (label: string, amountClp: number, y: number, style: Omit<Style, 'width'>) => {
    paper.write(label, x, y, { ...style, width })
    paper.write(pesos(amountClp), x, y, { ...style, width, align: 'right', features: ['tnum'] })
  }
  row('Monto neto', netClp, top + 2, { size: 10, color: INK.quiet })
  row('IVA (19 %)', ivaClp, top + 21, { size: 10, color: INK.quiet })
  paper.decorate((doc) =>
    doc
      .lineWidth(0.7)
      .moveTo(x, top + 42)
      .lineTo(RIGHT, top + 42)
      .stroke(INK.line)
  )
  row('Total', totalClp, top + 51, { weight: 'bold', size: 17 })
}

/** The place where the stamp will be. Until then it says plainly what this paper is not. */
function drawStamp(paper: Paper, y: number): void {
  paper.decorate((doc) => doc.lineWidth(0.8).dash(3, { space: 3 }).roundedRect(LEFT, y, STAMP.width, STAMP.height, 6).stroke(INK.line))
  const style: Style = { size: 8.5, color: INK.quiet, width: STAMP.width - 24, align: 'center' }
  paper.write('Timbre electrónico SII', LEFT + 12, y + 38, style)
  for (const [line, text] of NOT_VALID.entries()) {
    paper.write(text, LEFT + 12, y + 56 + line * 14, { ...style, weight: 'semibold', size: 10, color: RED })
  }
}

function drawFoot(paper: Paper, { shopUrl }: Receipt): void {
  const style = { size: 8, color: INK.quiet, width: WIDTH, link: shopUrl }
  paper.write(
    `Valores en pesos chilenos, IVA incluido. Tus entradas y tu boleta: ${shopUrl.replace(/^https?:\/\//, '')}`,
    LEFT,
    PAGE.height - PAGE.margin - 10,
    style
  )
}
