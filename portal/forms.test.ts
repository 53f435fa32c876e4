import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import { buyerOf } from './buyer-form.ts'
import { choiceOf, ticketsOf } from './choice-form.ts'
import { keepFresh } from './fresh.ts'
import { givenShow, NOW } from './given.ts'
import { languageOf } from './language.ts'
import { problemView } from './message-view.ts'
import { streamNews } from './news.ts'
import { rutOf } from './rut.ts'
import { saleStateOf } from './sale-state.ts'
import { refusalWords, WORDS } from './words.ts'

const { es, en } = WORDS
const HOST = '127.107.33.1'

t.test('money has points from four digits on, and nothing to pay is said so', async (t) => {
  t.equal(es.money(45_000), '$\u00a045.000')
  t.equal(es.money(1_500), '$\u00a01.500')
  t.equal(es.money(1_234_567), '$\u00a01.234.567')
  t.equal(es.money(0), 'Gratis')
  t.equal(es.amount(0), '$\u00a00')
  t.equal(en.money(45_000), 'CLP\u00a045,000')
})

t.test('a RUT is taken however it is typed, and only with its own verifier', async (t) => {
  for (const typed of ['12345678-5', '12.345.678-5', '123456785', ' 12 345 678 5 ']) t.equal(rutOf(typed), '12345678-5', typed)
  t.equal(rutOf('20.347.878-k'), rutOf('20347878K'))
  t.equal(rutOf('6-k'), '6-K')
  for (const typed of ['', 'K', '12.345.678-9', '0-0', '123456789-2', '12345678', 'abc', '6-K-'])
    t.equal(rutOf(typed), typed === '6-K-' ? '6-K' : undefined, typed)
})

t.test('a buyer is taken as typed, or told which fields to look at again', async (t) => {
  const typed = { name: '  Ana   Araya ', email: ' ana@ejemplo.cl ', rut: '', consent: true }

  t.strictSame(buyerOf(typed), { buyer: { name: 'Ana Araya', email: 'ana@ejemplo.cl' } })
  t.strictSame(buyerOf({ ...typed, rut: '12.345.678-5' }), { buyer: { name: 'Ana Araya', email: 'ana@ejemplo.cl', rut: '12345678-5' } })
  t.strictSame(buyerOf({ name: ' ', email: 'ana@ejemplo', rut: '1-1', consent: false }), { wrong: ['name', 'email', 'rut', 'consent'] })
  for (const email of ['ana', 'a b@c.cl', 'a@b..cl', '.a@b.cl', 'a..b@c.cl', 'a@-b.cl', `${'a'.repeat(65)}@b.cl`, 'a@b.cl\nbcc: c@d.cl'])
    t.strictSame(buyerOf({ ...typed, email }), { wrong: ['email'] }, email)
})

t.test('the language is what is asked for, else what was chosen, else what the browser speaks, else Spanish', async (t) => {
  t.equal(languageOf('en', 'es', 'es'), 'en')
  t.equal(languageOf('fr', 'en', 'es'), 'en')
  t.equal(languageOf(undefined, undefined, 'de-DE, en;q=0.7, es;q=0.3'), 'en')
  t.equal(languageOf(undefined, undefined, 'pt-BR, es-AR;q=0.8, en;q=0.5'), 'es')
  t.equal(languageOf(['en'], undefined, 'en;q=0, de'), 'es')
})

t.test('a show is soon, on sale, nearly gone, sold out or over', async (t) => {
  const show = givenShow()

  t.equal(saleStateOf(show, NOW), 'onSale')
  t.equal(saleStateOf({ ...show, free: 14 }, NOW), 'few')
  t.equal(saleStateOf({ ...show, free: 0 }, NOW), 'soldOut')
  t.equal(saleStateOf(show, new Date('2026-10-01')), 'soon')
  t.equal(saleStateOf({ ...show, free: 0 }, new Date('2027-01-01')), 'over')
})

t.test('a form of seats and places becomes a choice; what is no form of ours does not', async (t) => {
  const choice = choiceOf({ funcion: '7', asiento: ['4', '5', '4'], 'zona-1': '2', 'zona-2': '0', other: 'x' })

  t.strictSame(choice, { showId: 7, seatNos: [4, 5], places: [{ zoneNo: 1, quantity: 2 }] })
  t.equal(ticketsOf(choice!), 4)
  t.strictSame(choiceOf({ funcion: '7', asiento: '4' })?.seatNos, [4])
  for (const fields of [
    {},
    { funcion: '7', asiento: '1e9' },
    { funcion: '-7' },
    { funcion: '7', 'zona-1': '-2' },
    { funcion: '9999999999' },
    { funcion: '7', asiento: '4', 'tipo-4': 'x' },
    { funcion: '7', asiento: '4', 'tipo-4': '21' },
    { funcion: '7', 'zona-1-tipo-0': '2' }
  ])
    t.equal(choiceOf(fields), undefined, JSON.stringify(fields))
})

t.test('what was read is kept for a moment, shared while it is on its way, and shown with its age when reading fails', async (t) => {
  let [now, reads] = [0, 0]
  const fresh = keepFresh(2_000, 60_000, () => now)
  const read = async () => ({ value: ++reads, behindSeconds: 1 })
  const fail = async () => {
    throw new Error('away')
  }

  t.strictSame(await Promise.all([fresh('a', read), fresh('a', read)]), [
    { value: 1, ageSeconds: 1 },
    { value: 1, ageSeconds: 1 }
  ])
  now = 1_900
  t.strictSame(await fresh('a', read), { value: 1, ageSeconds: 3 })
  now = 30_000
  t.strictSame(await fresh('a', fail), { value: 1, ageSeconds: 31 })
  now = 60_001
  await t.rejects(fresh('a', fail), { message: 'away' })
  t.strictSame(await fresh('a', read), { value: 2, ageSeconds: 1 })
})

t.test('an error has words of its own or the general ones, never another language', async (t) => {
  t.match(problemView(es, 404, 'NO_SUCH_PAGE'), { title: 'No encontramos esta página' })
  t.match(problemView(en, 503, 'UNAVAILABLE'), { title: 'Back in a moment' })
  t.match(problemView(es, 410, 'LINK_EXPIRED'), { title: 'Este enlace venció', actions: [{ href: '/mis-entradas' }] })
  t.equal(refusalWords(es, 'constructor').title, es.refusals.OTHER.title)
})

t.test('a refusal says the numbers it came with', async (t) => {
  t.match(refusalWords(es, 'TOO_MANY_TICKETS', { max: 6 }).text, 'hasta 6\u00a0entradas')
  t.match(refusalWords(es, 'BUYER_LIMIT', { max: 6, has: 5 }).text, /hasta 6\u00a0entradas, y con ese correo ya tienes 5/)
  t.match(refusalWords(en, 'BUYER_LIMIT', { max: 6, has: 0 }).text, /this purchase goes over it/)
  t.match(refusalWords(en, 'ZONE_FULL', { free: 1 }).text, '1\u00a0ticket left')
  t.match(refusalWords(es, 'NOT_TOGETHER', { quantity: 6, together: '<4>' }).text, /No quedan/, 'only numbers are said')
})

t.test('news come to every page that waits for them, at once to one that is already behind', { timeout: 20_000 }, async (t) => {
  const stands = new Map([['a', 'ordered-pending']])
  const news = streamNews(async (purchaseId) => stands.get(purchaseId) ?? 'none')
  const app = createServer(createLog('test', 'fatal'))
  app.get<{ Params: { id: string }; Querystring: { visto: string } }>('/:id', (request, reply) =>
    news.open(reply, request.params.id, request.query.visto)
  )
  const url = await app.listen({ host: HOST, port: 0 })
  t.teardown(async () => {
    news.close()
    await app.close()
  })

  const [waiting, old] = await Promise.all([fetch(`${url}/a?visto=ordered-pending`), fetch(`${url}/a?visto=paid-pending`)])
  const told = await old.text()
  stands.set('a', 'ordered-ready')

  t.match(told, /event: changed/)
  t.match(await waiting.text(), /event: changed/)
  t.equal(waiting.headers.get('content-type'), 'text/event-stream; charset=utf-8')
})

t.test('news that are slow to come are asked for once, not once a second', { timeout: 20_000 }, async (t) => {
  let asked = 0
  const { promise: answer, resolve } = Promise.withResolvers<string>()
  const news = streamNews(() => {
    asked++
    return answer
  })
  const app = createServer(createLog('test', 'fatal'))
  app.get('/', (_request, reply) => news.open(reply, 'a', 'held-pending'))
  const url = await app.listen({ host: HOST, port: 0 })
  t.teardown(async () => {
    news.close()
    await app.close()
  })

  const waiting = await fetch(url)
  await sleep(2_500)
  t.equal(asked, 1)
  resolve('ordered-pending')

  t.match(await waiting.text(), /event: changed/)
})
