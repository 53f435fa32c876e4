import { catalogueView } from './catalogue-view.ts'
import { checkoutView } from './checkout-view.ts'
import { givenDocuments, givenFamilyShow, givenPurchase, givenSeats, givenShow, NOW, PURCHASE_ID } from './given.ts'
import { legalView } from './legal-view.ts'
import { endedView, problemView } from './message-view.ts'
import { orderView } from './order-view.ts'
import { refusedView, type Told } from './refused-view.ts'
import type { PageOptions, Pages } from './render.ts'
import type { Place } from './seats.ts'
import { sectionView } from './section-view.ts'
import { showView } from './show-view.ts'
import { typesView } from './types-view.ts'
import type { Words } from './words.ts'

type Shown = { [Name in keyof Pages]: { name: Name; page: Pages[Name]; options?: Partial<PageOptions> } }[keyof Pages]

const show = givenShow()
const seats = { show, section: show.sections[0]!, seen: { value: givenSeats(), ageSeconds: 1 } }
const family = givenFamilyShow()
const familySeats = { ...seats, show: family, section: family.sections[0]! }
const places: Place[] = givenSeats().map(({ seatNo, row, label, category }) => ({ seatNo, row, label, category, sectionNo: 1 }))
const kinds = new Map([
  [1, 'accessible'],
  [3, 'companion']
] as const)
const typed = { name: '', email: 'malo', rut: '1-1', consent: false }
const confirming = (words: Words) => ({ heading: words.confirming.heading, text: words.confirming.text, href: '/', eventsHref: '' })

/** Every page in each of its states. */
export const PAGES: Record<string, (words: Words) => Shown> = {
  catalogue: (words) => ({ name: 'catalogue', page: catalogueView(words, { value: states(), ageSeconds: 1 }, NOW) }),
  show: (words) => ({ name: 'show', page: showView(words, { value: show, ageSeconds: 1 }, new Map(), PURCHASE_ID, NOW) }),
  family: (words) => ({
    name: 'show',
    page: showView(words, { value: family, ageSeconds: 1 }, new Map(), PURCHASE_ID, NOW),
    options: { scripts: ['best.js', 'forms.js'] }
  }),
  closed: (words) => ({
    name: 'show',
    page: showView(words, { value: givenShow({ free: 0 }), ageSeconds: 1 }, new Map(), PURCHASE_ID, NOW)
  }),
  section: (words) => ({
    name: 'section',
    page: sectionView(words, seats, PURCHASE_ID, new Map()),
    options: { scripts: ['choice.js', 'seats.js', 'forms.js'] }
  }),
  sectionTypes: (words) => ({
    name: 'section',
    page: sectionView(words, familySeats, PURCHASE_ID, new Map([[9, 2]])),
    options: { scripts: ['choice.js', 'seats.js', 'forms.js'] }
  }),
  types: (words) => ({
    name: 'types',
    page: typesView(words, family, { showId: 7, seatNos: [9, 10], places: [] }, places.slice(8, 10), 'x')
  }),
  checkout: (words) => ({
    name: 'checkout',
    page: checkoutView(words, givenPurchase(), show),
    options: { scripts: ['checkout.js', 'forms.js'] }
  }),
  extendable: (words) => ({
    name: 'checkout',
    page: checkoutView(words, givenPurchase({ extendable: true }), show, { notice: 'found' }, kinds),
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
  taken: (words) =>
    refused(words, {
      code: 'SEAT_TAKEN',
      params: {
        seatNos: [1, 3],
        alternatives: [
          [4, 5],
          [9, 10],
          [15, 16]
        ]
      }
    }),
  orphan: (words) => refused(words, { code: 'ORPHAN_SEAT', params: { seatNos: [4, 5], orphans: [6], alternatives: [[5, 6]] } }),
  apart: (words) =>
    refused(words, {
      code: 'NOT_TOGETHER',
      params: { quantity: 6, together: 4 },
      sent: { ...asked, wish: { showId: 7, best: { quantity: 6, category: 'Platea', typeNos: [1, 1, 2, 2, 2, 2] } } }
    }),
  missing: (words) => ({ name: 'message', page: problemView(words, 404, 'NO_SUCH_PAGE') }),
  lost: (words) => ({ name: 'lost', page: { email: 'malo', error: words.lost.emailError, sent: false } }),
  sent: () => ({ name: 'lost', page: { email: '', error: '', sent: true } }),
  terms: (words) => ({ name: 'legal', page: legalView(words, 'terms', '2026-11-01') })
}

const asked = {
  purchaseId: PURCHASE_ID,
  showCode: show.code,
  sectionNo: 1,
  wish: { showId: 7, seatNos: [1, 3], typeNos: [1, 2], places: [] }
}

function refused(words: Words, told: Partial<Told> & Pick<Told, 'code' | 'params'>): Shown {
  return { name: 'message', page: refusedView(words, { sent: asked, show: family, places, ...told }, () => 'x') }
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
