import t from 'tap'
import type { Books } from './books.ts'
import { differencesOf } from './ledger-checks.ts'
import { totalsOf } from './totals.ts'

t.test('books that agree have no difference, and their totals are the same number', async (t) => {
  const books = closed()

  t.strictSame(differencesOf(books), [])
  t.strictSame(totalsOf(books), {
    seatsSold: 4,
    orders: 2,
    events: 2,
    receipts: 1,
    ticketSets: 2,
    mails: 2,
    duplicateMails: 0,
    repeatedDeliveries: 0
  })
})

const BROKEN: Array<[what: string, breakIt: (books: Books) => void, said: RegExp]> = [
  ['a seat sold to two orders', (b) => b.lines.push({ ...b.lines[0]!, orderId: 'free', lineNo: 3 }), /seat 7\/1 is a line of two orders/],
  ['a sold seat without an order', (b) => b.seats.push({ showId: 7, seatNo: 9, orderId: null }), /seat 7\/9 is sold and on no order/],
  ['a sold seat that names another order', (b) => (b.seats[0]!.orderId = 'free'), /seat 7\/1 is sold to another order/],
  ['an ordered seat that is not sold', (b) => b.seats.pop(), /seat 7\/2 is on order paid and not sold/],
  ['a zone that counts too many', (b) => b.zones[0]!.sold++, /zone 8\/1 counts 3 sold and its orders have 2 places/],
  ['a lost order', (b) => b.orders.shift(), /lines name order paid, which does not stand/],
  ['a void order with lines', (b) => (b.orders[0]!.state = 'void'), /lines name order paid, which does not stand/],
  ['an order without lines', (b) => (b.lines = b.lines.filter(({ orderId }) => orderId !== 'free')), /order free has no lines/],
  ['an order of another amount', (b) => b.orders[0]!.totalClp++, /order paid is of 2101 and its lines add up to 2100/],
  [
    'an ordered purchase without its order',
    (b) => b.purchases.push({ purchaseId: 'x', state: 'ordered' }),
    /purchase x is ordered and has no order/
  ],
  ['money taken and nothing given', (b) => b.purchases.push({ purchaseId: 'x', state: 'paid' }), /purchase x is still paid/],
  [
    'money given back for an order that stands',
    (b) => (b.purchases[0]!.state = 'refunded'),
    /order paid stands and its purchase is refunded/
  ],
  [
    'an order whose purchase says that it ran out',
    (b) => (b.purchases[0]!.state = 'expired'),
    /order paid stands and its purchase is expired/
  ],
  ['an order without its event', (b) => b.events.shift(), /order paid has 0 of: OrdenCreada/],
  ['an order with two events', (b) => b.events.push({ ...b.events[0]!, eventId: 'e3' }), /order paid has 2 of: OrdenCreada/],
  ['an event that was not published', (b) => (b.events[0]!.published = false), /event e1 was never published/],
  ['an event that was not received', (b) => b.inbox.pop(), /event e2 has 0 of: inbox row/],
  [
    'an event that nobody sent',
    (b) => b.inbox.push({ eventId: 'e9', type: 'OrdenCreada', deliveries: 1 }),
    /a inbox row names event e9, which does not exist/
  ],
  ['a missing ticket', (b) => b.tickets.pop(), /line free\/2 has 0 of: ticket/],
  ['a ticket too many', (b) => b.tickets.push({ orderId: 'free', lineNo: 3 }), /a ticket names line free\/3, which does not exist/],
  ['a missing receipt', (b) => b.receipts.pop(), /paid order paid has 0 of: receipt/],
  ['two receipts', (b) => b.receipts.push({ ...b.receipts[0]!, folio: 2 }), /paid order paid has 2 of: receipt/],
  [
    'a receipt for a free order',
    (b) => b.receipts.push({ ...b.receipts[0]!, folio: 2, orderId: 'free' }),
    /a receipt names paid order free/
  ],
  ['a receipt of another amount', (b) => (b.receipts[0]!.totalClp = 1), /receipt 1 is of 1 and its order paid of 2100/],
  ['a gap in the folios', (b) => b.lastFolio++, /folio 2 has 0 of: receipt/],
  [
    'a folio out of order',
    (b) => b.receipts.push({ ...b.receipts[0]!, folio: 2, issuedAt: '2026-01-01 00:00:00.999' }),
    /receipt 2 is older than receipt 1/
  ],
  ['a folio used twice', (b) => b.receipts.push({ ...b.receipts[0]!, orderId: 'free' }), /folio 1 has 2 of: receipt/],
  ['a mail that was not sent', (b) => (b.notifications[0]!.messageIds = []), /order paid has 0 of: mail/],
  [
    'an order with two mails',
    (b) => b.notifications.push({ notificationId: 'n3', orderId: 'paid', messageIds: ['<3>'] }),
    /order paid has 2 of: mail/
  ],
  ['two mails under one Message-ID', (b) => (b.notifications[1]!.messageIds = ['<1>']), /two mails have the Message-ID <1>/],
  ['a mail that never arrived', (b) => b.mailbox.messageIds.pop(), /mail <2> of order free is not in the mailbox/],
  [
    'an event in the failed register',
    (b) => b.failedEvents.push({ eventId: 'e1', reason: 'no' }),
    /event e1 is in the failed register: no/
  ],
  ['an event on hold', (b) => b.heldEvents.push({ eventId: 'e7', orderId: 'paid' }), /event e7 of order paid is on hold/],
  [
    'a sale whose event was discarded',
    (b) => b.discardedEvents.push({ eventId: 'e3', type: 'OrdenCreada', orderId: 'third', by: 'ana', reason: 'why' }),
    /order third has no documents: ana discarded its event e3: why/
  ]
]

for (const [what, breakIt, said] of BROKEN) {
  t.test(`the ledger does not close with ${what}`, async (t) => {
    const books = closed()

    breakIt(books)

    t.ok(
      differencesOf(books).some((difference) => said.test(difference)),
      differencesOf(books).join('; ')
    )
  })
}

t.test('a repeated delivery, of an event or of a mail, is counted apart and is no difference', async (t) => {
  const books = closed()
  books.mailbox.messageIds.push('<1>')
  books.inbox[0]!.deliveries = 3

  t.strictSame(differencesOf(books), [])
  t.match(totalsOf(books), { mails: 2, duplicateMails: 1, repeatedDeliveries: 2 })
})

t.test('a discarded event whose order was documented after all is no difference', async (t) => {
  const books = closed()
  books.discardedEvents.push({ eventId: 'e3', type: 'OrdenCreada', orderId: 'paid', by: 'ana', reason: 'why' })

  t.strictSame(differencesOf(books), [])
})

t.test('a full mailbox may have dropped a mail that was sent', async (t) => {
  const books = closed()
  books.mailbox = { messageIds: ['<2>'], full: true }

  t.strictSame(differencesOf(books), [])
})

/** Two orders: «paid» has two seats and a receipt, «free» two places in a zone and none. */
function closed(): Books {
  return {
    seats: [
      { showId: 7, seatNo: 1, orderId: 'paid' },
      { showId: 7, seatNo: 2, orderId: 'paid' }
    ],
    lines: [
      { orderId: 'paid', lineNo: 1, showId: 7, seatNo: 1, zoneNo: null, priceClp: 1_000 },
      { orderId: 'paid', lineNo: 2, showId: 7, seatNo: 2, zoneNo: null, priceClp: 1_000 },
      { orderId: 'free', lineNo: 1, showId: 8, seatNo: null, zoneNo: 1, priceClp: 0 },
      { orderId: 'free', lineNo: 2, showId: 8, seatNo: null, zoneNo: 1, priceClp: 0 }
    ],
    zones: [{ showId: 8, zoneNo: 1, sold: 2 }],
    orders: [
      { orderId: 'paid', state: 'made', serviceFeeClp: 100, totalClp: 2_100 },
      { orderId: 'free', state: 'made', serviceFeeClp: 0, totalClp: 0 }
    ],
    events: [
      { eventId: 'e1', type: 'OrdenCreada', orderId: 'paid', published: true },
      { eventId: 'e2', type: 'OrdenCreada', orderId: 'free', published: true }
    ],
    purchases: [
      { purchaseId: 'paid', state: 'documented' },
      { purchaseId: 'free', state: 'ordered' },
      { purchaseId: 'gone', state: 'expired' }
    ],
    inbox: [
      { eventId: 'e0', type: 'EntradasPedidas', deliveries: 1 },
      { eventId: 'e1', type: 'OrdenCreada', deliveries: 1 },
      { eventId: 'e2', type: 'OrdenCreada', deliveries: 1 }
    ],
    receipts: [{ folio: 1, orderId: 'paid', totalClp: 2_100, issuedAt: '2026-01-01 00:00:01.000' }],
    lastFolio: 1,
    tickets: [
      { orderId: 'paid', lineNo: 1 },
      { orderId: 'paid', lineNo: 2 },
      { orderId: 'free', lineNo: 1 },
      { orderId: 'free', lineNo: 2 }
    ],
    notifications: [
      { notificationId: 'n1', orderId: 'paid', messageIds: ['<1>'] },
      { notificationId: 'n2', orderId: 'free', messageIds: ['<2>'] }
    ],
    failedEvents: [],
    heldEvents: [],
    discardedEvents: [],
    mailbox: { messageIds: ['<1>', '<2>'], full: false }
  }
}
