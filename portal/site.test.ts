import { randomUUID } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import { givenPortals } from './given-portal.ts'

const HOST = '127.107.31.1'

const givenPortal = await givenPortals(t)

t.test('people find shows, sections and seats, whatever became of the orchestrator', async (t) => {
  const { get } = await givenPortal(t)

  const [catalogue, show, section] = [await get('/'), await get('/funciones/abierta'), await get('/funciones/abierta/sectores/1')]

  t.match(catalogue.body, /Función &lt;abierta&gt;/, 'a title is text, never markup')
  t.match(catalogue.body, /Desde \$\u00a020\.000/)
  t.match(catalogue.body, /Disponibilidad vista hace 0 s/)
  t.match(show.body, /href="\/funciones\/abierta\/sectores\/2"/)
  t.match(show.body, /3\u00a0libres/, 'places of the zone that are left')
  t.strictSame(
    [...section.body.matchAll(/name="asiento" value="(\d+)"/g)].map(([, seatNo]) => Number(seatNo)),
    [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  )
  t.equal((section.body.match(/<circle id=/g) ?? []).length, 11, 'what is taken has no name to click on')
})

t.test('a show that does not sell now says so, and its sections lead back to it', async (t) => {
  const { get } = await givenPortal(t)

  t.match((await get('/funciones/pronto')).body, /La venta comienza el/)
  t.match((await get('/funciones/pasada')).body, /La venta de esta función terminó/)
  t.match(await get('/funciones/pronto/sectores/1'), { statusCode: 303, headers: { location: '/funciones/pronto' } })
})

t.test('what does not exist is a friendly page with its status, in the language of its reader', async (t) => {
  const { get } = await givenPortal(t)

  for (const path of [
    '/nada',
    '/funciones/nada',
    '/funciones/abierta/sectores/9',
    '/funciones/abierta/sectores/x',
    '/funciones/%3Cb%3E',
    `/compras/${randomUUID()}`,
    '/compras/x',
    `/compras/${randomUUID()}/boleta.pdf`,
    `/compras/${randomUUID()}/eventos`,
    '/compras/../..%2fetc',
    '/estatico/../main.ts'
  ])
    t.match(await get(path), { statusCode: 404, body: /No encontramos esta página/ }, path)
  t.match(await get('/nada?lang=en'), { statusCode: 404, body: /<html lang="en">[\s\S]*We cannot find this page/ })
  t.match(await get('/nada', { 'accept-language': 'en-GB' }), { body: /<html lang="en">/ })
})

t.test('a chosen language is remembered, and each page says where it stands in the other', async (t) => {
  const { get } = await givenPortal(t)

  const english = await get('/funciones/abierta?lang=en')

  t.match(english.headers['set-cookie'], /^idioma=en; .*HttpOnly; SameSite=Lax/)
  t.match(english.body, /<link rel="alternate" hreflang="es" href="http:\/\/tienda\.cl\/funciones\/abierta\?lang=es">/)
  t.match((await get('/', { cookie: 'idioma=en' })).body, /Coming shows/)
})

t.test('pages load and send nothing but our own, and are kept by nobody', async (t) => {
  const { get } = await givenPortal(t)

  const { headers, body } = await get('/funciones/abierta')

  t.match(headers['content-security-policy'], /default-src 'none';script-src 'self';style-src 'self'/)
  t.notMatch(headers['content-security-policy'], /unsafe|\*|http/)
  t.match(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
  t.notMatch(body, / style=| on[a-z]+=|<script>|<style/, 'nothing the policy would have to allow')
  t.match((await get('/estatico/style.css?v=1')).headers['cache-control'], /immutable/)
})

t.test('a form is taken from our own pages only; the way back from the bank is open', async (t) => {
  const { post } = await givenPortal(t)
  const fields = { correo: 'ana@ejemplo.cl' }

  t.match(await post('/mis-entradas', fields, { origin: 'http://mala.cl', host: 'tienda.cl' }), {
    statusCode: 403,
    body: /venía de otro sitio/
  })
  t.match(await post('/mis-entradas', fields, { origin: 'null' }), { statusCode: 403 })
  t.match(await post('/mis-entradas', fields, { 'sec-fetch-site': 'same-site' }), { statusCode: 403 })
  t.match(await post('/mis-entradas', fields, { 'sec-fetch-site': 'same-origin', origin: 'null' }), { statusCode: 503 })
  t.match(await post('/mis-entradas', fields, { origin: 'http://tienda.cl', host: 'tienda.cl' }), { statusCode: 503 })
  t.match(await post('/pago/retorno', { token_ws: 'abc' }, { origin: 'https://banco.cl', 'sec-fetch-site': 'cross-site' }), {
    statusCode: 202,
    body: /action="\/pago\/retorno" data-again[\s\S]+name="token_ws" value="abc"/
  })
})

t.test('bad forms are refused in words, and none is a fault', async (t) => {
  const { post, formId } = await givenPortal(t)
  const compra = await formId()
  const seats = (asiento: string[]) => ({ compra, funcion: '1', codigo: 'abierta', sector: '1', asiento })

  t.match(await post('/compras', seats([])), { statusCode: 422, body: /No elegiste entradas/ })
  t.match(await post('/compras', seats(Array.from({ length: 11 }, (_, i) => String(i + 1)))), {
    statusCode: 422,
    body: /demasiadas entradas/
  })
  for (const fields of [{}, { ...seats(['1']), compra: 'x' }, { ...seats(['1']), codigo: '//mala.cl' }, seats(['1; drop table'])])
    t.match(await post('/compras', fields), { statusCode: 400, body: /No entendimos el formulario/ })
  t.match(await post('/compras', seats(['9'.repeat(70_000)])), { statusCode: 413 })
  t.match(await post('/mis-entradas', { correo: 'ana' }), { statusCode: 422, body: /correo válido/ })
  t.match(await post('/pago/retorno', {}), { statusCode: 202 })
  t.match(await post('/pago/retorno', { token_ws: 'x'.repeat(65) }), { statusCode: 400 })
})

t.test('browsers that came by another name are brought to the public one, and nowhere else', async (t) => {
  const { get } = await givenPortal(t)
  const browser = { 'sec-fetch-mode': 'navigate', host: '127.0.0.1:8080' }

  t.match(await get('/funciones/abierta?lang=en', browser), {
    statusCode: 302,
    headers: { location: 'http://tienda.cl/funciones/abierta?lang=en' }
  })
  t.match(await get('//mala.cl', browser), { headers: { location: 'http://tienda.cl//mala.cl' } })
  t.match(await get('/', { ...browser, host: 'tienda.cl' }), { statusCode: 200 })
})

t.test('a purchase without an answer is being confirmed: the page sends the same form with the same id again', async (t) => {
  const silent = createServer((socket) => socket.on('data', () => socket.destroy()))
  await new Promise<void>((listening) => silent.listen(0, HOST, listening))
  t.teardown(() => silent.close())
  const silentUrl = `http://${HOST}:${(silent.address() as AddressInfo).port}`
  const { post, formId } = await givenPortal(t, silentUrl)
  const compra = await formId()
  const id = compra.split('.')[0]

  const { statusCode, body, headers } = await post('/compras', { compra, funcion: '1', codigo: 'abierta', asiento: ['1', '3'] })

  t.equal(statusCode, 202)
  t.match(body, /Estamos confirmando tu reserva/)
  const fields = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)">/g)].map(([, name, value]) => `${name}=${value}`)
  t.strictSame(fields, [`compra=${compra}`, 'funcion=1', 'codigo=abierta', 'asiento=1', 'asiento=3'])
  t.match(headers['set-cookie'], new RegExp(`^compra=${id}\\..*; Path=/compras/${id}; HttpOnly; SameSite=Lax`))
  const own = { cookie: String(headers['set-cookie']).split(';')[0]! }
  t.match(await (await givenPortal(t, silentUrl)).get(`/compras/${id}`, own), {
    statusCode: 202,
    body: /Estamos confirmando tu compra/
  })
  t.match(await (await givenPortal(t)).get(`/compras/${randomUUID()}`, own), { statusCode: 404 }, 'a cookie is good for its own purchase')
})

t.test('whoever knows the id of a purchase does not own it: only the form of a page of ours begins one', async (t) => {
  const { post, formId } = await givenPortal(t)
  const [id, signature] = (await formId()).split('.')
  for (const [compra, owned] of [[id], [`${randomUUID()}.${signature}`], [`${id}.${signature!.slice(1)}`], [`${id}.${signature}`, true]]) {
    const { statusCode, headers } = await post('/compras', { compra: String(compra), funcion: '1', codigo: 'abierta', asiento: '1' })
    t.strictSame([statusCode, 'set-cookie' in headers], owned ? [503, true] : [400, false], String(compra))
  }
})

t.test('readiness names what is missing', async (t) => {
  const { get } = await givenPortal(t)
  t.match(await get('/readyz'), { statusCode: 503, body: '{"ready":false,"missing":["orchestrator"]}' })
  t.match(await get('/healthz'), { statusCode: 200 })
})

t.test('the page of figures names routes, and never what was asked of them', async (t) => {
  const { get } = await givenPortal(t)
  await get('/funciones/abierta?clave=secreto')

  const { body } = await get('/metrics')

  t.match(
    body,
    /^ticketflow_http_request_duration_seconds_count\{service="portal",route="\/funciones\/:code",method="GET",status="2xx"\} 1$/m
  )
  t.match(body, /^ticketflow_pool_connections\{pool="catalogue",service="portal"\} [1-9]/m)
  t.notMatch(body, /abierta|secreto/)
})
