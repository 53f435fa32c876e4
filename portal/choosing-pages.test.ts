import t from 'tap'
import { chosen, givenBrowser, opened, skip, violationsOf } from './given-browser.ts'

t.test('choosing, in a browser', { skip, timeout: 120_000 }, async (t) => {
  const { browser, plain, posted } = await givenBrowser(t)
  const summary = async (page: Awaited<ReturnType<typeof opened>>['page']) =>
    String(await page.locator('#resumen').textContent()).replaceAll(/\s+/g, ' ')

  await t.test('each seat has a ticket type, and what it costs follows', async (t) => {
    const { page } = await opened(browser, '/sectionTypes?lang=es')

    await page.locator('#s1').click()
    await page.locator('#resumen-tipos summary').click()
    t.match(await summary(page), /Fila A · Asiento 1.*\$ 45\.000/)
    await page.getByLabel('Tipo de entrada: Fila A · Asiento 1').selectOption('Niño')
    t.match(await summary(page), /2 asientos.*\$ 48\.000/, 'two children and their fees')
    await page.locator('#s3').click()
    t.equal(await page.getByLabel('Tipo de entrada: Fila A · Asiento 1').inputValue(), '2', 'it stays when another seat is chosen')
    t.strictSame(await violationsOf(page), [])
    await page.locator('#reservar').click()
    await page.waitForURL('**/compras')

    t.match(posted.at(-1), { asiento: ['1', '3', '9'], 'tipo-1': '2', 'tipo-3': '1', 'tipo-9': '2' })
    await page.close()
  })

  await t.test('a companion without its wheelchair place is noticed while choosing', async (t) => {
    const { page } = await opened(browser, '/sectionTypes?lang=es')
    const notice = page.locator('#resumen-aviso')

    await page.locator('#s21').click()
    t.match(await page.locator('#s21').getAttribute('aria-label'), /Acompañante de silla de ruedas$/)
    t.match(await notice.textContent(), /elige también el espacio para silla de ruedas/)
    await page.locator('#s19').click()

    t.equal(await notice.textContent(), '')
    t.strictSame(await chosen(page), ['9', '19', '21'])
    await page.close()
  })

  await t.test('no more seats are taken than this show sells at once', async (t) => {
    const { page } = await opened(browser, '/sectionTypes?lang=es')

    for (const seatNo of [1, 3, 4, 5, 6, 7]) await page.locator(`#s${seatNo}`).click()

    t.equal((await chosen(page)).length, 6)
    t.match(await page.locator('#resumen-aviso').textContent(), /Ya elegiste 6\u00a0asientos/)
    await page.close()
  })

  await t.test('a party with a wheelchair is said in words, and found with one click', async (t) => {
    const { page } = await opened(browser, '/family?lang=es')

    await page.getByLabel('Adulto', { exact: true }).selectOption('1')
    await page.getByLabel('Niño', { exact: true }).selectOption('2')
    await page.getByLabel('Sillas de ruedas').selectOption('1')
    t.equal(await page.locator('#pista-silla').textContent(), '1\u00a0silla de ruedas + 2\u00a0acompañantes')
    await page.getByRole('button', { name: 'Buscar y reservar' }).click()
    await page.waitForURL('**/compras')

    t.match(posted.at(-1), { mejores: '1', codigo: 'luz-de-invierno', 'cantidad-1': '1', 'cantidad-2': '2', donde: '', silla: '1' })
    await page.close()
  })

  await t.test('without JavaScript there is a way to the ticket types, and the seats go along', async (t) => {
    const { page } = await opened(plain, '/sectionTypes?lang=es')

    await page.getByRole('button', { name: 'Elegir tipos de entrada' }).click()
    await page.waitForURL('**/compras/tipos')
    t.match(posted.at(-1), { path: '/compras/tipos', asiento: '9' })
    await page.goto(`${new URL(page.url()).origin}/types?lang=es`)
    await page.getByLabel('Tipo de entrada: Platea, fila\u00a0B, asiento\u00a03').selectOption({ label: 'Niño, $\u00a022.500' })
    await page.getByRole('button', { name: 'Reservar asientos' }).click()
    await page.waitForURL('**/compras')

    t.match(posted.at(-1), { path: '/compras', asiento: ['9', '10'], 'tipo-9': '2', 'tipo-10': '1' })
    await page.close()
  })

  for (const [name, context] of [
    ['with', browser],
    ['without', plain]
  ] as const)
    await t.test(`${name} JavaScript more time costs nobody what they typed, and Enter still pays`, async (t) => {
      const { page } = await opened(context, '/extendable?lang=es')

      await page.getByLabel('Nombre y apellido').fill('Ana Araya')
      await page.getByRole('button', { name: 'Necesito más tiempo' }).click()
      await page.waitForURL('**/extender')
      t.match(posted.at(-1), { path: /\/extender$/, nombre: 'Ana Araya' })
      await page.goto(`${new URL(page.url()).origin}/extendable?lang=es`)
      await page.getByLabel('Nombre y apellido').press('Enter')
      await page.waitForURL('**/pago')

      t.match(posted.at(-1), { path: /\/pago$/ })
      await page.close()
    })
})
