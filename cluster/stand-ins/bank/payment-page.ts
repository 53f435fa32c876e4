import { type Markup, markup, page } from '../markup.ts'
import type { Transaction } from './transaction.ts'

const clp = new Intl.NumberFormat('es-CL', { style: 'currency', currency: 'CLP' })

/** What the buyer sees after «pay»: who is paid, how much, and four ways on. It needs no JavaScript. */
export function paymentPage({ token, amount, buyOrder, returnUrl }: Transaction, commerceCode: string): string {
  return page(
    `Pagar ${clp.format(amount)}`,
    style,
    frame(markup`
    <h1>Pago con tarjeta</h1>
    <p class="amount">${clp.format(amount)}</p>
    <dl>
      <div><dt>Comercio</dt><dd>${new URL(returnUrl).host}</dd></div>
      <div><dt>Código</dt><dd>${commerceCode}</dd></div>
      <div><dt>Orden</dt><dd class="code">${buyOrder}</dd></div>
      <div><dt>Tarjeta</dt><dd>Débito de prueba ···· 6623</dd></div>
    </dl>
    <form method="post" action="/webpayserver/decision">
      <input type="hidden" name="token_ws" value="${token}">
      <button class="pay" name="decision" value="approve">Aprobar y pagar ${clp.format(amount)}</button>
      <button name="decision" value="reject">Rechazar el pago</button>
      <button name="decision" value="abandon">Anular compra</button>
    </form>
    <form class="quiet" method="post" action="/webpayserver/closed">
      <button>Cerrar la ventana</button>
    </form>`)
  )
}

/** The buyer has gone, and the shop is told nothing. */
export function closedPage(): string {
  return page(
    'Ventana cerrada',
    style,
    frame(markup`<h1>Cerraste la ventana</h1>
    <p>El comercio no recibe ningún aviso, como cuando alguien cierra el navegador en la página de su banco. Nada se ha cobrado.</p>`)
  )
}

export function unknownPage(): string {
  return page(
    'Transacción desconocida',
    style,
    frame(markup`<h1>No conocemos esta transacción</h1>
    <p>La dirección está incompleta, o la transacción es demasiado antigua. Vuelve al comercio y empieza el pago otra vez.</p>`)
  )
}

function frame(content: Markup): Markup {
  return markup`<header><span class="mark" aria-hidden="true"></span>Banco de pruebas<span class="badge">Simulador</span></header>
<main>
  <section class="card">${content}</section>
  <p class="note"><strong>Simulador.</strong> Esta página hace de banco mientras se desarrolla la tienda: no es Transbank y no cobra dinero de verdad.</p>
</main>`
}

const style = markup`
header { display: flex; align-items: center; gap: .6rem; padding: 1rem 1.25rem; background: #fff; border-bottom: 1px solid var(--line); font-weight: 600 }
.mark { width: 1.5rem; height: 1.5rem; border-radius: .4rem; background: linear-gradient(135deg, var(--accent) 50%, #8b8fe0 50%) }
.badge { margin-left: auto; padding: .15rem .6rem; border-radius: 1rem; background: #fff1cc; font-size: .85rem }
main { max-width: 28rem; margin: 2rem auto; padding: 0 1rem }
.card { background: #fff; border: 1px solid var(--line); border-radius: 1rem; padding: 1.5rem; box-shadow: 0 8px 24px rgb(29 35 48 / .06) }
h1 { font-size: 1.1rem; font-weight: 600 }
.card > p { margin-top: .75rem }
.card > .amount { margin: .25rem 0 1rem; font-size: 2.25rem; font-weight: 700; letter-spacing: -.02em; line-height: 1.2 }
dl { margin: 0 0 1.25rem; border-top: 1px solid var(--line) }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
dt { color: var(--soft) }
dd { margin: 0; text-align: right; overflow-wrap: anywhere }
.code { font: .85rem/1.75 ui-monospace, Menlo, Consolas, monospace }
form { display: grid; gap: .6rem }
button { min-height: 3rem; padding: .5rem 1rem; border: 1px solid #b9c0cc; border-radius: .6rem; background: #fff; color: inherit; font: inherit; cursor: pointer }
button:hover { background: var(--ground) }
.pay { border-color: var(--accent); background: var(--accent); color: #fff; font-weight: 600 }
.pay:hover { background: #2d3192 }
.quiet { margin-top: .5rem }
.quiet button { min-height: 2.75rem; border: 0; color: var(--soft); text-decoration: underline; text-underline-offset: 3px }
.note { margin: 1.25rem .25rem; padding: .75rem 1rem; border-left: 4px solid #f2a900; border-radius: .25rem; background: #fff8e6; font-size: .9rem }
`
