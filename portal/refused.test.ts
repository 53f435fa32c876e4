import t from 'tap'
import type { Wish } from '../contracts/values.ts'
import { givenFamilyShow, givenSeats, PURCHASE_ID } from './given.ts'
import { namedIn, refusedView, type Told } from './refused-view.ts'
import { WORDS } from './words.ts'

const show = givenFamilyShow()
const places = givenSeats().map(({ seatNo, row, label, category }) => ({ seatNo, row, label, category, sectionNo: 1 }))
const chosen: Wish = { showId: 7, seatNos: [1, 3], typeNos: [2, 1], places: [] }
const asked = { purchaseId: PURCHASE_ID, showCode: show.code, sectionNo: 1, wish: chosen }

t.test('seats that are gone are named, and equal ones are one click away, each click a purchase of its own', async (t) => {
  const view = refused({
    code: 'SEAT_TAKEN',
    params: {
      seatNos: [3],
      alternatives: [
        [9, 10],
        [4, 99]
      ]
    }
  })

  t.strictSame(view.items, ['Platea, fila\u00a0A, asiento\u00a03'])
  t.strictSame(
    view.offers.map(({ text }) => text),
    ['Platea, fila\u00a0B, asientos\u00a03 y 4'],
    'a group with a seat that has no name is not offered'
  )
  t.strictSame(
    view.offers[0]!.fields.map(({ name, value }) => `${name}=${value}`),
    ['compra=new-1', 'codigo=luz-de-invierno', 'funcion=7', 'sector=1', 'asiento=9', 'asiento=10', 'tipo-9=2'],
    'with the same ticket types'
  )
  t.equal(view.actions[0]!.href, '/funciones/luz-de-invierno/sectores/1?asientos=1.2', 'what is still free stays chosen')
})

t.test('who would leave a seat alone is told which one and why', async (t) => {
  const view = refused({ code: 'ORPHAN_SEAT', params: { seatNos: [4, 5], orphans: [6], alternatives: [[5, 6]] } })

  t.match(view, {
    title: 'Dejarías un asiento solo',
    items: ['Platea, fila\u00a0A, asiento\u00a06'],
    offers: [{ text: /asientos\u00a05 y 6/ }]
  })
  t.equal(view.actions[0]!.href, '/funciones/luz-de-invierno/sectores/1?asientos=1.2,3')
})

t.test('a party that cannot sit together may be smaller, apart, or look elsewhere', async (t) => {
  const best = { quantity: 6, category: 'Platea', typeNos: [1, 1, 2, 2, 2, 2] }
  const offers = (params: object, more: object = {}) =>
    refused({
      code: 'NOT_TOGETHER',
      params: { quantity: 6, ...params },
      sent: { ...asked, wish: { showId: 7, best: { ...best, ...more } } }
    }).offers
  const fieldsOf = (offer: { fields: Array<{ name: string; value: string }> }) =>
    offer.fields.slice(4).map(({ name, value }) => `${name}=${value}`)

  const [fewer, apart, anywhere] = offers({ together: 4 })

  t.match(fewer, { text: 'Reservar 4\u00a0asientos juntos', detail: 'Adulto × 2, Niño × 2' })
  t.strictSame(fieldsOf(fewer!), ['cantidad-1=2', 'cantidad-2=2', 'donde=c-Platea'])
  t.strictSame(fieldsOf(apart!), ['cantidad-1=2', 'cantidad-2=4', 'donde=c-Platea', 'apart=1'])
  t.strictSame(fieldsOf(anywhere!), ['cantidad-1=2', 'cantidad-2=4'])
  t.equal(offers({ together: 4 }, { apart: true }).length, 2, 'who may sit apart already is not asked again')
  t.equal(offers({ together: 2 }, { accessible: 1 }).length, 2, 'a wheelchair and its companions stay together')
  t.strictSame(
    offers({ together: 0 }).map(({ text }) => text),
    ['Buscar en cualquier lugar']
  )
})

t.test('a ticket type that is not sold there is named, and looked for where it is', async (t) => {
  const best = { quantity: 1, category: 'Galería', typeNos: [2] }
  const found = refused({ code: 'TICKET_TYPE_UNKNOWN', params: { typeNo: 2, seatNo: 3 }, sent: { ...asked, wish: { showId: 7, best } } })
  const picked = refused({ code: 'TICKET_TYPE_UNKNOWN', params: { typeNo: 2, seatNo: 3 } })

  t.match(found, { items: ['Niño'], offers: [{ text: 'Buscar en Platea' }] })
  t.strictSame(picked.items, ['Niño · Platea, fila\u00a0A, asiento\u00a03'])
})

t.test('without the catalogue a refusal is worded, and offers nothing it cannot name', async (t) => {
  const view = refused({ code: 'SEAT_TAKEN', params: { seatNos: [3], alternatives: [[9, 10]] }, show: undefined, places: [] })

  t.strictSame([view.items, view.offers, view.title], [[], [], 'Esos asientos ya no están libres'])
  t.strictSame(namedIn(chosen, { alternatives: [[9, 10]], orphans: [2], seatNos: 'x' }), [1, 3, 2, 9, 10])
})

function refused(told: Partial<Told> & Pick<Told, 'code' | 'params'>) {
  let ids = 0
  return refusedView(WORDS.es, { sent: asked, show, places, ...told }, () => `new-${++ids}`)
}
