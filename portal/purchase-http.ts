import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { crashPoint } from '../chassis/crash-point.ts'
import { isUnknown, Refusal } from '../chassis/errors.ts'
import type { PaymentStarted, Purchase } from '../contracts/purchase.ts'
import { Uuid } from '../contracts/values.ts'
import { buyerOf, type TypedBuyer } from './buyer-form.ts'
import { type CheckoutState, checkoutView } from './checkout-view.ts'
import { PRIVACY_VERSION, TERMS_VERSION } from './legal.ts'
import { endedView } from './message-view.ts'
import type { Orchestrator } from './orchestrator.ts'
import { orderView, progressOf } from './order-view.ts'
import { onlyOwner } from './owner.ts'
import { render, wordsOf } from './render.ts'
import type { ShopWindow } from './shop-window.ts'
import { policy } from './site.ts'
import { stageOf } from './stage.ts'

interface Shop {
  shopWindow: ShopWindow
  orchestrator: Orchestrator
  publicUrl: string
}

const REFRESH_SECONDS = 5
const Params = Type.Object({ purchaseId: Uuid })
const BuyerForm = Type.Object({
  nombre: Type.String({ maxLength: 1_000 }),
  correo: Type.String({ maxLength: 1_000 }),
  rut: Type.Optional(Type.String({ maxLength: 100 })),
  acepto: Type.Optional(Type.String({ maxLength: 10 }))
})

/** A purchase of this browser's, from its checkout to its documents: one address, whatever its state. */
export const purchaseHttp: FastifyPluginAsyncTypebox<Shop> = async (app, { shopWindow, orchestrator, publicUrl }) => {
  app.get('/compras/:purchaseId', { schema: { params: Params } }, async (request, reply) => {
    const { purchaseId } = request.params
    onlyOwner(request, purchaseId)
    const { confirmando, aviso } = request.query as Record<string, unknown>
    const purchase = await orchestrator.find(purchaseId).catch(onlyUnknown)
    if (!purchase) return confirming(request, reply, purchaseId)
    if (purchase.state === 'paying' && confirmando !== undefined) return confirming(request, reply, purchaseId, purchase)
    return show(request, reply, purchase, typeof aviso === 'string' ? { notice: aviso } : {})
  })

  app.post('/compras/:purchaseId/soltar', { schema: { params: Params } }, async (request, reply) => {
    onlyOwner(request, request.params.purchaseId)
    await orchestrator.release(request.params.purchaseId).catch((err: unknown) => {
      if (!(err instanceof Refusal)) throw err // a purchase that has ended is shown as it is
    })
    return reply.redirect(`/compras/${request.params.purchaseId}`, 303)
  })

  app.get('/compras/:purchaseId/extender', { schema: { params: Params } }, (request, reply) =>
    reply.redirect(`/compras/${request.params.purchaseId}`, 303)
  )

  app.post('/compras/:purchaseId/extender', { schema: { params: Params, body: BuyerForm } }, async (request, reply) => {
    const { purchaseId } = request.params
    onlyOwner(request, purchaseId)
    const notice = await orchestrator.extend(purchaseId).then(
      () => 'extended',
      (err: unknown) => {
        if (err instanceof Refusal) return err.code
        if (isUnknown(err)) return '' // the page shows what became of it
        throw err
      }
    )
    const purchase = await orchestrator.find(purchaseId).catch(onlyUnknown)
    if (!purchase) return confirming(request, reply, purchaseId)
    return show(request, reply, purchase, { typed: typedIn(request.body), notice })
  })

  app.post('/compras/:purchaseId/pago', { schema: { params: Params, body: BuyerForm } }, async (request, reply) => {
    const { purchaseId } = request.params
    onlyOwner(request, purchaseId)
    const typed = typedIn(request.body)
    const checked = buyerOf(typed)
    if ('wrong' in checked) return correct(request, reply, purchaseId, { typed, wrong: checked.wrong })
    try {
      const { language } = wordsOf(request)
      const consent = { terms: TERMS_VERSION, privacy: PRIVACY_VERSION }
      const started = await orchestrator.pay(purchaseId, { buyer: checked.buyer, language, consent })
      crashPoint('portal-payment-known')
      return await toBank(request, reply, started)
    } catch (err) {
      if (isUnknown(err)) return confirming(request, reply, purchaseId)
      if (!(err instanceof Refusal)) throw err
      return notPaid(request, reply, purchaseId, err, typed)
    }
  })

  async function toBank(request: FastifyRequest, reply: FastifyReply, { purchase, redirect }: PaymentStarted) {
    if (!redirect) return reply.redirect(`/compras/${purchase.purchaseId}`, 303)
    reply.helmet({ contentSecurityPolicy: policy([new URL(redirect.url).origin, publicUrl]) })
    const path = `/compras/${purchase.purchaseId}`
    return render(request, reply, 'bank', redirect, { title: wordsOf(request).bank.title, path, scripts: ['again.js'] })
  }

  async function notPaid(request: FastifyRequest, reply: FastifyReply, purchaseId: string, { code, params }: Refusal, typed: TypedBuyer) {
    if (code === 'BUYER_LIMIT') return correct(request, reply, purchaseId, { typed, notice: code, params })
    if (code === 'PAYMENT_BUSY') return reply.redirect(`/compras/${purchaseId}?confirmando=1`, 303)
    if (code === 'NAME_EMPTY') return correct(request, reply, purchaseId, { typed, wrong: ['name'] })
    if (code === 'RUT_INVALID') return correct(request, reply, purchaseId, { typed, wrong: ['rut'] })
    return reply.redirect(`/compras/${purchaseId}?aviso=${encodeURIComponent(code)}`, 303)
  }

  async function correct(request: FastifyRequest, reply: FastifyReply, purchaseId: string, state: CheckoutState) {
    const purchase = await orchestrator.find(purchaseId)
    return show(request, stageOf(purchase) === 'checkout' ? reply.code(422) : reply, purchase, state)
  }

  async function show(request: FastifyRequest, reply: FastifyReply, purchase: Purchase, state: CheckoutState) {
    const words = wordsOf(request)
    const path = `/compras/${purchase.purchaseId}`
    const stage = stageOf(purchase)
    const [header, kinds] = await Promise.all([shopWindow.header(purchase.showId), shopWindow.kinds(purchase.showId)])
    if (stage === 'confirming') return confirming(request, reply, purchase.purchaseId, purchase)
    if (stage === 'checkout') {
      const view = checkoutView(words, purchase, header, state, kinds)
      return render(request, reply, 'checkout', view, { title: words.checkout.title, path, scripts: ['checkout.js', 'forms.js'] })
    }
    if (stage === 'ended') {
      const view = endedView(words, purchase, header)
      return render(request, reply, 'message', view, { title: view.title, path })
    }
    const documents = await orchestrator.documents(purchase.purchaseId).catch(() => undefined)
    const view = orderView(words, purchase, documents, header, kinds)
    const refreshSeconds = view.pending ? REFRESH_SECONDS : 0
    return render(request, reply, 'order', view, { title: words.order.title, path, scripts: ['live.js'], refreshSeconds })
  }

  function confirming(request: FastifyRequest, reply: FastifyReply, purchaseId: string, purchase?: Purchase) {
    const { confirming } = wordsOf(request)
    const refunding = purchase?.state === 'refunding'
    const href = `/compras/${purchaseId}`
    const view = {
      heading: refunding ? confirming.refundingHeading : confirming.heading,
      text: refunding ? confirming.refundingText : confirming.text,
      form: undefined,
      href,
      eventsHref: `${href}/eventos?visto=${purchase ? progressOf(purchase, undefined) : ''}`
    }
    return render(request, reply.code(202), 'confirming', view, {
      title: confirming.title,
      path: href,
      scripts: ['live.js'],
      refreshSeconds: REFRESH_SECONDS
    })
  }
}

function typedIn({ nombre, correo, rut = '', acepto }: Static<typeof BuyerForm>): TypedBuyer {
  return { name: nombre, email: correo, rut, consent: acepto !== undefined }
}

/** No answer is no failure: the page says so and asks again. */
function onlyUnknown(err: unknown): undefined {
  if (isUnknown(err)) return undefined
  throw err
}
