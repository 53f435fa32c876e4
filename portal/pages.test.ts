import t from 'tap'
import type { Language } from '../contracts/values.ts'
import { PURCHASE_ID } from './given.ts'
import { chosen, givenBrowser, opened, skip, URL_, violationsOf } from './given-browser.ts'
import { PAGES } from './given-pages.ts'

t.test('in a browser', { skip, timeout: 220_000 }, async (t) => {
  const { browser, plain, posted, finish } = await givenBrowser(t)

  await t.test('every page is free of what axe-core finds, fits a phone and breaks no policy', async (t) => {
    const { page, complaints } = await opened(browser, '/catalogue?lang=es')
    for (const name of Object.keys(PAGES)) {
      for (const language of ['es', 'en'] as Language[]) {
        await page.goto(`${URL_}/${name}?lang=${language}`)
        if (language === 'es') t.strictSame(await violationsOf(page), [], name)
        t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, `${name} is not wider than a phone`)
        t.strictSame(complaints, [], `${name} in ${language} loads what it names`)
      }
    }
    await page.close()
  })

  await t.test('seats are chosen on the map by touch and by keyboard, and the form has the same', async (t) => {
    const { page } = await opened(browser, '/section?lang=es')

    await page.locator('#s1').click()
    await page.locator('#s1').press('ArrowRight')
    await page.keyboard.press('Space')

    t.strictSame(await chosen(page), ['1', '3'], 'the taken seat between them is passed over')
    t.equal(await page.locator('#s3').getAttribute('aria-label'), 'Fila A Platea, $\u00a045.000, Asiento 3')
    t.match(String(await page.locator('#resumen').textContent()).replaceAll('\u00a0', ' '), /2 asientos[\s\S]*\$ 93\.000/)
    await page.locator('#s1').click()
    t.strictSame(await chosen(page), ['3'])
    await page.close()
  })

  await t.test('the eleventh seat is not taken, and the page says why', async (t) => {
    const { page } = await opened(browser, '/section?lang=es')

    for (let seatNo = 3; seatNo <= 16; seatNo++) if (seatNo % 6 !== 2) await page.locator(`#s${seatNo}`).click()

    t.equal((await chosen(page)).length, 10)
    t.match(await page.locator('#resumen-aviso').textContent(), /el máximo por compra/)
    await page.close()
  })

  await t.test('without JavaScript the same seats are boxes in rows, and nothing is promised that does not work', async (t) => {
    const { page } = await opened(plain, '/section')

    await page
      .getByRole('group', { name: /Fila B/ })
      .getByLabel('3', { exact: true })
      .check()
    await page.getByRole('button', { name: 'Reservar asientos' }).click()

    t.match(posted.at(-1), { compra: PURCHASE_ID, funcion: '7', codigo: 'luz-de-invierno', sector: '1', asiento: '9' })
    await page.goto(`${URL_}/section`)
    t.equal(await page.locator('.needs-js:visible').count(), 0)
    await page.goto(`${URL_}/checkout`)
    t.match(await page.locator('#reserva .hint:visible').textContent(), /Reservado para ti hasta las 09:10/)
    await page.close()
  })

  await t.test('time runs on the checkout, and the way to the bank goes by itself', async (t) => {
    const { page } = await opened(browser, '/checkout')
    const first = String(await page.locator('#cuenta').textContent())
    await page.locator('#cuenta', { hasNotText: first }).waitFor()
    await page.goto(`${URL_}/going`)
    await page.waitForURL('**/banco')

    t.match(posted.at(-1), { token_ws: 'abc' })
    await page.close()
  })

  await t.test('documents appear by themselves', async (t) => {
    const { page } = await opened(browser, '/waiting?lang=es')

    t.match(await page.locator('#documentos-estado').textContent(), /En proceso/)
    finish()
    await page.locator('#descargas').waitFor()

    t.equal(await page.locator('#descargas a').count(), 4)
    await page.close()
  })
})
