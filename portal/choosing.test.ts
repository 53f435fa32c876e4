import t from 'tap'
import { bestFields, bestOf } from './best-form.ts'
import { carriedIn, carriedOf, choiceOf, ticketsOf } from './choice-form.ts'
import { givenPortals } from './given-portal.ts'

const givenPortal = await givenPortals(t)

t.test('every seat and every place is of the ticket type that its form says, else of the first', async (t) => {
  const choice = choiceOf({ funcion: '7', asiento: ['4', '5'], 'tipo-5': '2', 'tipo-9': '3', 'zona-1': '1', 'zona-1-tipo-2': '2' })

  t.strictSame(choice, {
    showId: 7,
    seatNos: [4, 5],
    typeNos: [1, 2],
    places: [
      { zoneNo: 1, quantity: 1 },
      { zoneNo: 1, quantity: 2, typeNo: 2 }
    ]
  })
  t.equal(ticketsOf(choice!), 5)
})

t.test('seats are carried from page to page with their types', async (t) => {
  t.equal(
    carriedOf([
      [4, 1],
      [5, 2]
    ]),
    '4,5.2'
  )
  t.strictSame(
    [...carriedIn('4,5.2,x,,6.99,99999999999')],
    [
      [4, 1],
      [5, 2]
    ]
  )
})

t.test('who does not choose says how many of which type, where, and how many wheelchairs come', async (t) => {
  const wish = bestOf({ funcion: '7', 'cantidad-1': '2', 'cantidad-2': '1', donde: 'c-Platea Baja', silla: '1', apart: '1' })

  t.strictSame(wish, { showId: 7, best: { quantity: 3, category: 'Platea Baja', accessible: 1, apart: true, typeNos: [1, 1, 2] } })
  t.strictSame(
    bestOf(Object.fromEntries(bestFields(wish!).map(({ name, value }) => [name, value]))),
    wish,
    'and a form made of it says the same'
  )
  t.strictSame(bestOf({ funcion: '7', cantidad: '4', donde: 's-3', silla: '' }), { showId: 7, best: { quantity: 4, sectionNo: 3 } })
  t.equal(bestOf({ funcion: '7', cantidad: '1', silla: '3' })?.best.accessible, 1, 'no more wheelchairs than people')
  t.equal(bestOf({ funcion: '7', cantidad: '0' })?.best.quantity, 0)
  for (const fields of [
    { cantidad: '2' },
    { funcion: '7', cantidad: '-1' },
    { funcion: '7', cantidad: '1000000' },
    { funcion: '7', 'cantidad-21': '1' },
    { funcion: '7', cantidad: '2', donde: 's-x' },
    { funcion: '7', cantidad: '2', donde: `c-${'x'.repeat(61)}` },
    { funcion: '7', cantidad: '2', silla: 'x' }
  ])
    t.equal(bestOf(fields), undefined, JSON.stringify(fields))
})

t.test('the page of a show has what its catalogue says: types, limits, places for wheelchairs', async (t) => {
  const { get } = await givenPortal(t)

  const [family, plain] = [await get('/funciones/familia'), await get('/funciones/abierta')]

  t.match(family.body, /<select id="cantidad-2" name="cantidad-2"><option value="0" selected>0<[^>]*><option value="1">1</)
  t.match(family.body, /Hasta 4\u00a0entradas por compra[\s\S]+Hasta 8\u00a0entradas por persona/)
  t.match(family.body, /name="silla"[\s\S]+Niño \$\u00a022\.500/)
  t.match(plain.body, /<select id="cantidad" name="cantidad"><option value="1">1</)
  t.notMatch(plain.body, /name="silla"|por persona/)
})

t.test('a seat for a wheelchair and its companion are marked by sign and word, and bought together', async (t) => {
  const { get } = await givenPortal(t)

  const { body } = await get('/funciones/familia/sectores/1?asientos=9.2')

  t.match(
    body,
    /value="12"><span>4<svg[^>]+><use href="#m-accessible"\/><\/svg><span class="visually-hidden">, Espacio para silla de ruedas</
  )
  t.match(body, /value="11" data-beside="12"><span>3<svg[^>]+><use href="#m-companion"/)
  t.match(body, /<circle id="s12"[^>]+><use class="mark" href="#m-accessible"/)
  t.match(body, /value="9" checked data-type="2"/, 'what was chosen before keeps its type')
  t.match(body, /data-prices="\[45000,22500\]"/)
})

t.test('without JavaScript types are chosen on a page of their own, which holds nothing', async (t) => {
  const { get, post, formId } = await givenPortal(t)
  const form = { compra: await formId(), funcion: '4', codigo: 'familia', sector: '1' }

  const { statusCode, body, headers } = await post('/compras/tipos', { ...form, asiento: ['9', '12'] })

  t.equal(statusCode, 200)
  t.match(
    body,
    /name="asiento" value="9"[\s\S]+<select id="tipo-9" name="tipo-9"[^>]*><option value="1">Adulto, \$\u00a045\.000<[\s\S]+Niño, \$\u00a022\.500/
  )
  t.match(body, new RegExp(`name="compra" value="${form.compra.replaceAll(/[.+]/g, '\\$&')}"`), 'the same purchase')
  t.notOk(headers['set-cookie'])
  t.match((await get('/funciones/familia/sectores/1')).body, /formaction="\/compras\/tipos"/)
  t.match(await post('/compras/tipos', form), { statusCode: 303, headers: { location: '/funciones/familia/sectores/1' } })
  t.match(await post('/compras/tipos', { ...form, funcion: '1', asiento: '9' }), { statusCode: 400 }, 'a seat of another show')
  t.match(await post('/compras/tipos', { ...form, compra: 'x', asiento: '9' }), { statusCode: 400 })
})

t.test('a search for no tickets, or for more than an order may have, is told so before anybody is asked', async (t) => {
  const { post, formId } = await givenPortal(t)
  const form = { compra: await formId(), funcion: '4', codigo: 'familia', mejores: '1' }

  t.match(await post('/compras', { ...form, 'cantidad-1': '0' }), { statusCode: 422, body: /No elegiste entradas/ })
  t.match(await post('/compras', { ...form, 'cantidad-1': '8', 'cantidad-2': '3' }), { statusCode: 422, body: /hasta 10\u00a0entradas/ })
  t.match(await post('/compras', { ...form, 'cantidad-1': '2', donde: 'x' }), { statusCode: 400 })
  t.match(await post('/compras', { ...form, 'cantidad-1': '2' }), { statusCode: 503 }, 'asked for')
})
