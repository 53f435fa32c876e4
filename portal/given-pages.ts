import { catalogueView } from './catalogue-view.ts'
import { checkoutView } from './checkout-view.ts'
import { givenDocuments, givenPurchase, givenSeats, givenShow, NOW, PURCHASE_ID } from './given.ts'
import { legalView } from './legal-view.ts'
import { endedView, holdRefusedView, problemView } from './message-view.ts'
import { orderView } from './order-view.ts'
import type { PageOptions, Pages } from './render.ts'
import { sectionView } from './section-view.ts'
import { showView } from './show-view.ts'
import type { Words } from './words.ts'

type Shown = { [Name in keyof Pages]: { name: Name; page: Pages[Name]; options?: Partial<PageOptions> } }[keyof Pages]

const show = givenShow()
const seats = { show, section: show.sections[0]!, seen: { value: givenSeats(), ageSeconds: 1 } }
const typed = { name: '', email: 'malo', rut: '1-1', consent: false }
const confirming = (words: Words) => ({ heading: words.confirming.heading, text: words.confirming.text, href: '/', eventsHref: '' })

/** Every page in each of its states. */
export const PAGES: Record<string, (words: Words) => Shown> = {
  catalogue: (words) => ({ name: 'catalogue', page: catalogueView(words, { value: states(), ageSeconds: 1 }, NOW) }),
  show: (words) => ({ name: 'show', page: showView(words, { value: show, ageSeconds: 1 }, new Map(), PURCHASE_ID, NOW) }),
  closed: (words) => ({
    name: 'show',
    page: showView(words, { value: givenShow({ free: 0 }), ageSeconds: 1 }, new Map(), PURCHASE_ID, NOW)
  }),
  section: (words) => ({
    name: 'section',
    page: sectionView(words, seats, PURCHASE_ID, new Set()),
    options: { scripts: ['seats.js', 'forms.js'] }
  }),
  checkout: (words) => ({
    name: 'checkout',
    page: checkoutView(words, givenPurchase(), show),
    options: { scripts: ['checkout.js', 'forms.js'] }
  }),
  wrong: (words) => ({
    name: 'checkout',
    page: checkoutView(words, givenPurchase(), show, { typed, wrong: ['name', 'email', 'rut', 'consent'] })
  }),
  bank: () => ({ name: 'bank', page: { url: '/banco', token: 'abc' } }),
  confirming: (words) => ({ name: 'confirming', page: { ...confirming(words), form: undefined } }),
  again: (words) => ({
    name: 'confirming',
    page: { ...confirming(words), form: { action: '/compras', fields: [{ name: 'compra', value: PURCHASE_ID }] } }
  }),
  pending: (words) => ({ name: 'order', page: orderView(words, bought(), undefined, show) }),
  order: (words) => ({ name: 'order', page: orderView(words, bought(), givenDocuments({ source: 'replica' }), show) }),
  ended: (words) => ({ name: 'message', page: endedView(words, givenPurchase({ state: 'expired' }), show) }),
  taken: (words) => ({
    name: 'message',
    page: holdRefusedView(words, 'SEAT_TAKEN', [words.place('Platea', 'A', '1')], [{ href: '/', text: words.actions.otherSeats }])
  }),
  missing: (words) => ({ name: 'message', page: problemView(words, 404, 'NO_SUCH_PAGE') }),
  lost: (words) => ({ name: 'lost', page: { email: 'malo', error: words.lost.emailError, sent: false } }),
  sent: () => ({ name: 'lost', page: { email: '', error: '', sent: true } }),
  terms: (words) => ({ name: 'legal', page: legalView(words, 'terms', '2026-11-01') })
}

function states() {
  const later = new Date('2026-12-01T12:00:00Z')
  return [
    show,
    givenShow({ code: 'b', free: 10 }),
    givenShow({ code: 'c', free: 0 }),
    givenShow({ code: 'd', salesFrom: later }),
    givenShow({ code: 'e', salesUntil: NOW })
  ]
}

function bought() {
  return givenPurchase({ state: 'ordered', code: '34679ACD', buyer: { name: 'Ana Araya', email: 'ana@ejemplo.cl' } })
}
