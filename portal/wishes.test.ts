import t from 'tap'
import { checkoutView } from './checkout-view.ts'
import { givenFamilyShow, givenPurchase, givenSeats, givenShow, NOW, PURCHASE_ID } from './given.ts'
import { sectionView } from './section-view.ts'
import { showView } from './show-view.ts'
import { typesView } from './types-view.ts'
import { WORDS } from './words.ts'

const { es, en } = WORDS
const seen = <T>(value: T) => ({ value, ageSeconds: 2 })
const show = givenFamilyShow()
const places = givenSeats().map(({ seatNo, row, label, category }) => ({ seatNo, row, label, category, sectionNo: 1 }))

t.test('who does not want to choose says how many, where, and whether a wheelchair comes', async (t) => {
  const { best, limits } = showView(es, seen(show), new Map(), PURCHASE_ID, NOW)
  const plain = showView(es, seen(givenShow()), new Map(), PURCHASE_ID, NOW)

  t.strictSame(
    best!.counts.map(({ name, label, quantities }) => [
      name,
      label,
      quantities.find((option) => option.chosen)?.quantity,
      quantities.length
    ]),
    [
      ['cantidad-1', 'Adulto', 2, 7],
      ['cantidad-2', 'Niño', 0, 7]
    ]
  )
  t.strictSame(
    best!.sections.map(({ value, text }) => [value, text]),
    [['s-1', 'Platea']],
    'a section that is sold out is not offered'
  )
  t.strictSame(best!.parties[0]!.slice(0, 3), [
    '1\u00a0silla de ruedas',
    '1\u00a0silla de ruedas + 1\u00a0acompañante',
    '1\u00a0silla de ruedas + 2\u00a0acompañantes'
  ])
  t.strictSame(limits, ['Hasta 6\u00a0entradas por compra.', 'Hasta 8\u00a0entradas por persona, con el mismo correo.'])
  t.strictSame(
    plain.best!.counts.map(({ name, quantities }) => [name, quantities[0]!.quantity]),
    [['cantidad', 1]]
  )
  t.strictSame([plain.best!.wheelchairs, plain.limits], [[], ['Hasta 10\u00a0entradas por compra.']])
})

t.test('nobody is asked to let the best seats be found where nothing sells', async (t) => {
  t.equal(showView(es, seen(givenShow({ sections: [] })), new Map(), PURCHASE_ID, NOW).best, undefined)
  t.equal(showView(es, seen(givenFamilyShow({ salesUntil: NOW })), new Map(), PURCHASE_ID, NOW).best, undefined)
})

t.test('places in a zone are bought by ticket type, each at its price', async (t) => {
  const { zones } = showView(es, seen(show), new Map(), PURCHASE_ID, NOW)

  t.strictSame(
    zones[0]!.tickets.map(({ field, type, price, quantities }) => [field, type, price, quantities.at(-1)]),
    [
      ['zona-1', 'Adulto', '$\u00a020.000', 6],
      ['zona-1-tipo-2', 'Niño', '$\u00a010.000', 6]
    ]
  )
})

t.test('seats say what they cost by type and which are for wheelchairs and their companions', async (t) => {
  const view = sectionView(es, { show, section: show.sections[0]!, seen: seen(givenSeats()) }, PURCHASE_ID, new Map([[9, 2]]))
  const seats = view.rows.flatMap((row) => row.seats)

  t.match(view.form, { max: 6, types: ['Adulto', 'Niño'] })
  t.strictSame(view.rows[0]!.typesClp, [45_000, 22_500])
  t.strictSame(view.prices[0]!.types, ['Adulto $\u00a045.000', 'Niño $\u00a022.500'])
  t.match(
    seats.find(({ chosen }) => chosen),
    { seatNo: 9, typeNo: 2 }
  )
  t.strictSame(
    seats.filter(({ kind }) => kind !== 'standard').map(({ seatNo, kind, accessibleNo }) => [seatNo, kind, accessibleNo]),
    [
      [19, 'accessible', 19],
      [21, 'companion', 19]
    ]
  )
  t.strictSame(view.kinds, ['accessible', 'companion'])
  t.match(
    view.map.groups[0]!.seats.find(({ seatNo }) => seatNo === 21),
    { kind: 'companion' }
  )
})

t.test('without JavaScript every chosen seat is asked for its type, with the price of each', async (t) => {
  const view = typesView(es, show, { showId: 7, seatNos: [9, 10], places: [] }, places.slice(8, 10), 'signed')

  t.strictSame(
    view.seats.map(({ place, types }) => [place, types.map(({ text }) => text)]),
    ['3', '4'].map((seat) => [`Platea, fila\u00a0B, asiento\u00a0${seat}`, ['Adulto, $\u00a045.000', 'Niño, $\u00a022.500']])
  )
  t.match(view, { form: { purchaseId: 'signed', sectionNo: 1 }, backHref: '/funciones/luz-de-invierno/sectores/1?asientos=9,10' })
})

t.test('a checkout says which ticket each seat is, how much time is left, and offers more while it may', async (t) => {
  const line = { ...givenPurchase().lines[0]!, ticketType: 'Niño', priceClp: 22_500 }
  const kinds = new Map([[1, 'companion' as const]])

  const view = checkoutView(es, givenPurchase({ lines: [line], extendable: true }), undefined, { notice: 'found' }, kinds)
  const later = checkoutView(en, givenPurchase({ heldUntil: '2026-11-22T12:20:00Z' }), undefined, { notice: 'extended' })

  t.match(view.lines[0], { type: 'Niño', kind: 'companion' })
  t.match(view, { extendable: true, good: true, notice: /mejores asientos/, heldUntil: /hasta las 09:10.*quedan unos 9\u00a0minutos/ })
  t.match(later, { extendable: false, good: true, notice: 'Done: you have time until 09:20.', secondsLeft: 1_170 })
})

t.test('who has as many tickets as one may have is told so where they pay', async (t) => {
  const view = checkoutView(es, givenPurchase(), undefined, { notice: 'BUYER_LIMIT', params: { max: 6, has: 4 } })

  t.match(view, { good: false, notice: /hasta 6\u00a0entradas, y con ese correo ya tienes 4/ })
})
