import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import jsqr from 'jsqr'
import t, { type Test } from 'tap'
import { momentInEnglish, momentInSpanish } from './dates.ts'
import { type Job, makeDocument } from './make-document.ts'
import { rutWithPoints } from './money.ts'
import { readFonts } from './paper.ts'
import { amountsOf, receiptOf } from './receipt.ts'
import { openRenderers } from './renderers.ts'
import { ISSUER, sampleKey, sampleOrder } from './sample-order.ts'
import { signTicket, verifyTicket } from './ticket-code.ts'
import type { Ticket } from './ticket-page.ts'

const run = promisify(execFile)
const fonts = readFonts()
const key = sampleKey()
const SHOP = 'https://ticketflow.example'
const poppler = await run('pdftoppm', ['-v']).then(
  () => true,
  () => false
)
const withPoppler = poppler ? {} : { skip: 'pdftoppm (poppler-utils) is not on this machine' }

t.test('the same job is the same bytes, in this thread and in another', async (t) => {
  const renderers = openRenderers(1)
  t.teardown(renderers.close)

  const other = sampleOrder({ buyer: { name: 'ÑANDÚ ÁÉÍÓÚ ñandú áéíóú ’', email: 'a@example.cl' } })

  for (const job of [ticketsJob(2), receiptJob()]) {
    await makeDocument(fonts, ticketsJob(1, other)) // what a thread made before leaves no trace
    const [first, second, elsewhere] = [await makeDocument(fonts, job), await makeDocument(fonts, job), await renderers.render(job)]
    t.ok(first.equals(second), `${job.kind}: made twice`)
    t.ok(first.equals(elsewhere), `${job.kind}: made by a worker`)
  }
})

t.test('a job that cannot be made fails alone, and the thread makes the next one', async (t) => {
  const renderers = openRenderers(1)
  t.teardown(renderers.close)
  const broken = { ...ticketsJob(1), tickets: [{}] } as unknown as Job

  await t.rejects(renderers.render(broken))

  t.ok((await renderers.render(ticketsJob(1))).byteLength > 10_000)
})

t.test('every ticket page shows a QR that a reader gets back, and whose signature holds', withPoppler, async (t) => {
  const tickets = ticketsJob(3).tickets
  const pictures = await picturesOf(t, await makeDocument(fonts, { kind: 'tickets', tickets }))

  t.equal(pictures.length, 3)
  for (const [index, picture] of pictures.entries()) {
    const text = jsqr.default(picture.pixels, picture.width, picture.height)?.data
    t.equal(text, tickets[index]?.qr)
    t.match(verifyTicket(published(), text ?? ''), { valid: true, ticket: { lineNo: index + 1, showId: 7 } })
  }
})

t.test('a document is tagged, in Spanish, titled, with its fonts inside, and says what it must', withPoppler, async (t) => {
  const file = join(t.testdir(), 'boleta.pdf')
  await writeFile(file, await makeDocument(fonts, receiptJob()))

  const [{ stdout: info }, { stdout: fontList }, { stdout: text }] = await Promise.all([
    run('pdfinfo', [file]),
    run('pdffonts', [file]),
    run('pdftotext', ['-layout', file, '-'])
  ])

  t.match(info, /Title: +Boleta electrónica N° 128\n/)
  t.match(info, /Tagged: +yes/)
  t.match(await readFile(file, 'latin1'), /\/Lang \(es-CL\)/)
  t.notMatch(fontList, / no +(yes|no) +(yes|no) +\d+ +\d+$/m)
  for (const words of [
    'R.U.T.: 76.554.369-K',
    'BOLETA ELECTRÓNICA',
    'N° 128',
    'María José Ñuñez Peña',
    '12.345.678-5',
    '21-11-2026, 22:16 h',
    'VALOR SERVICIO',
    '$83.193',
    '$15.807',
    '$99.000',
    'Sin validez tributaria: documento de desarrollo'
  ])
    t.ok(text.includes(words), words)
})

t.test('the longest names a door lets in, ten tickets and a zone stay on their pages', withPoppler, async (t) => {
  const line = { lineNo: 1, zoneNo: 1, section: 'Cancha General', row: '', seat: '', ticketType: 'General', priceClp: 0 }
  const show = { ...sampleOrder().show, title: 'Ñ'.repeat(80), venue: 'Coliseo '.repeat(10), address: 'Avenida '.repeat(15), city: 'Ñuñoa' }
  const buyer = { name: 'Wenceslao Ñancupil-Huenchumilla '.repeat(3).slice(0, 100), email: 'a@example.cl' }
  const order = sampleOrder({ show, buyer, lines: Array.from({ length: 10 }, (_, i) => ({ ...line, lineNo: i + 1, priceClp: 12_345 })) })

  const tickets = await makeDocument(fonts, ticketsJob(10, order))
  const receipt = await makeDocument(fonts, {
    kind: 'receipt',
    receipt: receiptOf(order, ISSUER, SHOP),
    folio: 9_999_999,
    issuedAt: new Date(order.madeAt)
  })

  t.equal((await picturesOf(t, tickets, 20)).length, 10)
  t.equal((await picturesOf(t, receipt, 20)).length, 1)
})

t.test('net is rounded once, and net and IVA always make the total', async (t) => {
  t.strictSame(amountsOf(680), { netClp: 571, ivaClp: 109, totalClp: 680 })
  t.strictSame(amountsOf(1_190), { netClp: 1_000, ivaClp: 190, totalClp: 1_190 })
  const wrong = Array.from({ length: 200_000 }, (_, i) => i + 1).filter((gross) => amountsOf(gross).netClp !== Math.round(gross / 1.19))
  t.strictSame(wrong, [])
})

t.test('a receipt has a line for each ticket and one for the fee, and names the buyer only by a number that is right', async (t) => {
  const order = sampleOrder()

  const { lines, buyer } = receiptOf(order, ISSUER, SHOP)

  t.strictSame(
    lines.map(({ kind, amountClp }) => [kind, amountClp]),
    [
      ['ticket', 45_000],
      ['ticket', 45_000],
      ['service', 9_000]
    ]
  )
  t.equal(buyer.rut, '12345678-5')
  t.notOk('rut' in receiptOf({ ...order, buyer: { ...order.buyer, rut: '12345678-9' } }, ISSUER, SHOP).buyer)
  t.equal(rutWithPoints('60803000-K'), '60.803.000-K')
})

t.test('a moment is told in the time of the venue, in Spanish and in English', async (t) => {
  t.strictSame(momentInSpanish('2026-12-20T02:30:00Z', 'America/Santiago'), { date: 'Sábado 19 de diciembre de 2026', time: '23:30 h' })
  t.strictSame(momentInEnglish('2026-12-20T03:05:00Z', 'America/Santiago'), { date: 'Sunday 20 December 2026', time: '12:05 am' })
})

function ticketsJob(count: number, order = sampleOrder()): Extract<Job, { kind: 'tickets' }> {
  const tickets = Array.from({ length: count }, (_, index): Ticket => {
    const ticketId = '0b5a6a0e-2f6e-4d43-9d6a-6a4f7c1d2e3f'
    const line = { ...(order.lines[index] ?? order.lines[0]!), lineNo: index + 1 }
    const qr = signTicket(key, { ticketId, showId: order.show.showId, lineNo: line.lineNo })
    return {
      ticketId,
      qr,
      orderCode: order.code,
      holder: order.buyer.name,
      number: index + 1,
      of: count,
      show: order.show,
      line,
      madeAt: order.madeAt,
      shopUrl: SHOP
    }
  })
  return { kind: 'tickets', tickets }
}

function receiptJob(): Job {
  return { kind: 'receipt', receipt: receiptOf(sampleOrder(), ISSUER, SHOP), folio: 128, issuedAt: new Date('2026-11-22T01:16:03.250Z') }
}

function published() {
  const { x } = createPublicKey(key.publicPem).export({ format: 'jwk' })
  return { keys: [{ kid: key.kid, kty: 'OKP' as const, crv: 'Ed25519' as const, x: x! }] }
}

/** Each page as it would be printed at 150 dots per inch, or as told. */
async function picturesOf(t: Test, pdf: Buffer, dpi = 150) {
  const directory = join(t.testdir(), String(Math.random()))
  await mkdir(directory)
  await writeFile(join(directory, 'in.pdf'), pdf)
  await run('pdftoppm', ['-r', String(dpi), join(directory, 'in.pdf'), join(directory, 'page')])
  const { stdout } = await run('ls', [directory])
  const names = stdout
    .split('\n')
    .filter((name) => name.endsWith('.ppm'))
    .sort()
  return Promise.all(names.map(async (name) => pixelsOf(await readFile(join(directory, name)))))
}

function pixelsOf(ppm: Buffer) {
  const [head, width, height] = /^P6\s(\d+) (\d+)\s255\s/
    .exec(ppm.toString('latin1', 0, 30))!
    .map((part, i) => (i === 0 ? part.length : Number(part))) as [number, number, number]
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) pixels.set(ppm.subarray(head + i * 3, head + i * 3 + 3), i * 4)
  return { pixels, width, height }
}
