import t from 'tap'
import { catalogueView } from './catalogue-view.ts'
import { checkoutView } from './checkout-view.ts'
import { carriedIn } from './choice-form.ts'
import { facing } from './facing.ts'
import { givenDocuments, givenPurchase, givenSeats, givenShow, NOW, PURCHASE_ID } from './given.ts'
import { labelsOf } from './map-labels.ts'
import { orderView, progressOf } from './order-view.ts'
import { outlinesOf } from './outlines.ts'
import { sectionView } from './section-view.ts'
import { showView } from './show-view.ts'
import { stageOf } from './stage.ts'
import { venueMapView } from './venue-map.ts'
import { WORDS } from './words.ts'

const { es, en } = WORDS
const seen = <T>(value: T) => ({ value, ageSeconds: 2 })

t.test('the catalogue tells day and time of the venue, the price from which, and how old it is', async (t) => {
  const { seen: age, shows } = catalogueView(es, seen([givenShow(), givenShow({ priceToClp: 0 })]), NOW)

  t.equal(age, 'Disponibilidad vista hace 2 s')
  t.match(shows[0], {
    when: 'sábado 12 de diciembre de 2026, 21:30\u00a0h',
    day: '12',
    month: 'dic',
    price: 'Desde $\u00a09.000',
    stateText: 'En venta'
  })
  t.equal(shows[1]!.price, 'Entrada liberada')
  t.match(es.seenAgo(Number.POSITIVE_INFINITY), /sin hora conocida/)
})

t.test('a show offers what can be bought, and closed it says why and offers nothing', async (t) => {
  const open = showView(es, seen(givenShow()), new Map(), PURCHASE_ID, NOW)
  const soon = showView(es, seen(givenShow({ salesFrom: new Date('2026-12-01T13:00:00Z') })), new Map(), PURCHASE_ID, NOW)

  t.equal(open.closed, '')
  t.strictSame(
    open.groups.map(({ name, price }) => [name, price]),
    [
      ['Platea', '$\u00a045.000'],
      ['Galería', '$\u00a09.000']
    ]
  )
  t.strictSame(
    open.groups.flatMap(({ sections }) => sections.map((section) => section.open)),
    [true, false]
  )
  t.equal(open.zones[0]!.tickets[0]!.quantities.at(-1), 10)
  t.match(soon.closed, /comienza el martes 1 de diciembre de 2026, 10:00/)
  t.notOk(soon.groups.some(({ sections }) => sections.some((section) => section.open)))
  t.strictSame(soon.zones[0]!.tickets[0]!.quantities, [0])
})

t.test('the map has a place per section and zone, drawn by the plan or around its seats', async (t) => {
  const outlines = outlinesOf(
    [
      [100, 260],
      [300, 260],
      [200, 300],
      [300, 350],
      [100, 350]
    ].map(([x, y]) => ({ sectionNo: 2, x: x!, y: y! }))
  )
  const { places, scenery } = venueMapView(en, givenShow(), outlines)

  t.strictSame(
    places.map(({ id, soldOut }) => [id, soldOut]),
    [
      ['zona-1', false],
      ['sector-1', false],
      ['sector-2', true]
    ]
  )
  t.equal(places[2]!.path, 'M100 260L300 260L300 350L100 350Z', 'a seat in the middle is no corner')
  t.match(places[1], { title: 'Platea: CLP\u00a045,000, 20\u00a0free', href: '/funciones/luz-de-invierno/sectores/1' })
  t.equal(scenery.length, 2, 'the drawing of a section is its place, not scenery')
})

t.test('names on a map are all whole, or numbers where they could not be read', async (t) => {
  const box = (x: number, width: number) => [
    { x, y: 0 },
    { x: x + width, y: 0 },
    { x: x + width, y: 60 },
    { x, y: 60 }
  ]

  const roomy = labelsOf(
    [
      { name: 'Andes 1', outline: box(0, 300) },
      { name: 'Andes 2', outline: box(300, 300) }
    ],
    1_000
  )
  const tight = labelsOf(
    [
      { name: 'Andes 1', outline: box(0, 300) },
      { name: 'Tribuna Presidencial 2', outline: box(300, 40) }
    ],
    1_000
  )

  t.strictSame(
    roomy.map((label) => label?.text),
    ['Andes 1', 'Andes 2']
  )
  t.strictSame(
    tight.map((label) => label?.text),
    ['1', '2']
  )
  t.equal(roomy[0]!.x, 150, 'in the middle, where letters are as large anywhere')
})

t.test('a stand at the side is turned until its rows lie flat and its first row is above', async (t) => {
  const aside = givenSeats().map((seat) => ({ ...seat, x: -seat.y, y: seat.x })) // the stage is to the right of it
  const { seats, turned } = facing(aside, { x: 0, y: 200 })
  const heights = (row: string) => seats.filter((seat) => seat.row === row).map(({ y }) => Math.round(y))

  t.ok(turned)
  t.equal(new Set(heights('A')).size, 1)
  t.ok(heights('A')[0]! < heights('D')[0]!)
})

t.test('rows around a horseshoe are left as they are', async (t) => {
  const boxes = Array.from({ length: 8 }, (_, i) =>
    [0, 1].map((j) => ({ ...givenSeats()[0]!, row: String(i), x: Math.cos(i * 0.8) * (100 + j * 9), y: Math.sin(i * 0.8) * (100 + j * 9) }))
  )

  t.notOk(facing(boxes.flat(), { x: 0, y: 0 }).turned)
})

t.test('the seats of a section are a map and a form of rows, with what was kept still marked', async (t) => {
  const show = givenShow()
  const view = sectionView(es, { show, section: show.sections[0]!, seen: seen(givenSeats()) }, PURCHASE_ID, carriedIn('1,2'))

  t.strictSame(view.rows.map(({ name, seats }) => [name, seats.map(({ label }) => label).join()]).at(0), ['Fila A', '1,3,4,5,6'])
  t.strictSame(
    view.rows.flatMap(({ seats }) => seats.filter(({ chosen }) => chosen)).map(({ seatNo }) => seatNo),
    [1],
    'seat 2 is taken'
  )
  t.ok(view.carried)
  t.equal(view.map.taken.length, 4)
  t.equal(view.map.groups[0]!.color, '#9f1239')
  t.ok(view.map.width / 6 > 24, 'a finger finds a seat')
})

t.test('a checkout has a line per ticket, the fee as a line of its own, and counts by the clock of the seller', async (t) => {
  const view = checkoutView(es, givenPurchase({ payment: { provider: 'webpay', outcome: 'rejected' } }), undefined)

  t.strictSame(
    view.lines.map(({ place, price }) => [place, price]),
    [
      ['Platea, fila\u00a0A, asiento\u00a01', '$\u00a045.000'],
      ['Cancha', '$\u00a020.000']
    ]
  )
  t.match(view, { fee: '$\u00a03.000', total: '$\u00a068.000', secondsLeft: 570, countdown: '9:30', pay: 'Pagar $\u00a068.000' })
  t.match(view.notice, /rechazó/)
  t.equal(checkoutView(es, givenPurchase({ totalClp: 0 }), undefined).pay, 'Confirmar entradas gratis')
  t.equal(checkoutView(es, givenPurchase(), undefined, { notice: 'constructor' }).notice, '')
})

t.test('every state of a purchase has its page, and a payment on its way is never called over', async (t) => {
  const late = { heldUntil: '2026-11-22T11:00:00Z' }
  const stages = (
    ['holding', 'held', 'paying', 'paid', 'ordered', 'documented', 'refused', 'released', 'expired', 'refunding', 'refunded'] as const
  ).map((state) => [state, stageOf(givenPurchase({ state })), stageOf(givenPurchase({ state, ...late }))].join(' '))

  t.strictSame(stages, [
    'holding confirming confirming',
    'held checkout ended',
    'paying checkout confirming',
    'paid confirming confirming',
    'ordered order order',
    'documented order order',
    'refused ended ended',
    'released ended ended',
    'expired ended ended',
    'refunding confirming confirming',
    'refunded ended ended'
  ])
})

t.test('whoever has approved a payment that the bank is asked about is never shown a button to pay', async (t) => {
  const payment = { provider: 'webpay', outcome: 'committing' }

  t.equal(stageOf(givenPurchase({ state: 'paying', payment })), 'confirming')
  t.equal(stageOf(givenPurchase({ state: 'paying', payment: { provider: 'webpay' } })), 'checkout', 'whoever only went to the bank may pay')
})

t.test('an order shows its documents when all are there, and says when they come from the copy', async (t) => {
  const purchase = givenPurchase({ state: 'ordered', code: '34679ACD' })
  const ready = orderView(es, purchase, givenDocuments({ source: 'replica' }), undefined)

  t.strictSame(
    ready.documents.files.map(({ id }) => id),
    ['boleta', 'entradas', 'entrada-1', 'entrada-2']
  )
  t.match(ready, { pending: false, code: '34679ACD', documents: { copy: true } })
  t.strictSame(orderView(es, purchase, undefined, undefined).documents, { ready: false, copy: false, files: [] })
  const onTheirWay = orderView(es, purchase, givenDocuments({ state: 'pending', source: 'replica' }), undefined).documents
  t.strictSame(onTheirWay, { ready: false, copy: true, files: [] }, 'the replica may be behind, and says so')
  t.equal(progressOf({ ...purchase, state: 'documented' }, undefined), progressOf(purchase, givenDocuments({ state: 'pending' })))
})
