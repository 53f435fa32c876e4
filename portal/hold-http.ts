import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { crashPoint } from '../chassis/crash-point.ts'
import { isUnknown, Refusal } from '../chassis/errors.ts'
import { Code, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { BEST_FIELD, bestOf } from './best-form.ts'
import { choiceOf, numberOf } from './choice-form.ts'
import type { Orchestrator } from './orchestrator.ts'
import { newPurchase, own, purchaseIn } from './owner.ts'
import { namedIn, refusedView, type Sent, ticketsIn } from './refused-view.ts'
import { render, wordsOf } from './render.ts'
import type { ShopWindow } from './shop-window.ts'

interface Shop {
  shopWindow: ShopWindow
  orchestrator: Orchestrator
  publicUrl: string
}

const SIGNED_ID_CHARS_MAX = 100
/** Another choice may well work. */
const CONFLICTS = ['SEAT_TAKEN', 'ZONE_FULL', 'ORPHAN_SEAT', 'NOT_TOGETHER']

export const HoldForm = Type.Object({
  compra: Type.String({ maxLength: SIGNED_ID_CHARS_MAX }),
  codigo: Code,
  sector: Type.Optional(Type.String({ maxLength: 10 }))
})

/**
 * The step from looking to buying: a form with an id that was made when it was
 * drawn. Sent twice, by a double click or a second tab, it is one hold.
 */
export const holdHttp: FastifyPluginAsyncTypebox<Shop> = async (app, { shopWindow, orchestrator, publicUrl }) => {
  app.post('/compras', { schema: { body: HoldForm } }, async (request, reply) => {
    const wish = BEST_FIELD in request.body ? bestOf(request.body) : choiceOf(request.body)
    if (!wish) throw new Refusal('BAD_INPUT', 400, 'Not a form of ours', {})
    const { compra, codigo: showCode, sector } = request.body
    const sent = { purchaseId: purchaseIn(request, compra), showCode, sectionNo: numberOf(sector), wish }
    const tickets = ticketsIn(wish)
    if (tickets === 0) return refused(request, reply, sent, 'EMPTY_CHOICE')
    if (tickets > SEATS_PER_ORDER_MAX) return refused(request, reply, sent, 'TOO_MANY_TICKETS', { max: SEATS_PER_ORDER_MAX })
    own(request, reply, sent.purchaseId, publicUrl)
    return holdOrTell(request, reply, sent)
  })

  async function holdOrTell(request: FastifyRequest, reply: FastifyReply, sent: Sent) {
    try {
      const { state, refusal } = await orchestrator.hold(sent.purchaseId, sent.wish)
      crashPoint('portal-hold-known')
      if (state === 'refused' && refusal) return await refused(request, reply, sent, refusal.code, refusal.params)
      return reply.redirect(`/compras/${sent.purchaseId}${sent.wish.best ? '?aviso=found' : ''}`, 303)
    } catch (err) {
      if (err instanceof Refusal) return refused(request, reply, sent, err.code, err.params)
      if (isUnknown(err)) return askAgain(request, reply, sent)
      throw err
    }
  }

  /** Without the catalogue the seats have no names, and what cannot be named is not offered. */
  async function refused(request: FastifyRequest, reply: FastifyReply, sent: Sent, code: string, params: Refusal['params'] = {}) {
    const [seen, places = []] = await Promise.all([
      shopWindow.show(sent.showCode).catch(() => undefined),
      shopWindow.places(sent.wish.showId, namedIn(sent.wish, params)).catch(() => undefined)
    ])
    const show = seen?.value?.showId === sent.wish.showId ? seen.value : undefined
    const told = { sent, code, params, show, places }
    const view = refusedView(wordsOf(request), told, () => newPurchase(request))
    const path = `/funciones/${sent.showCode}`
    return render(request, reply.code(CONFLICTS.includes(code) ? 409 : 422), 'message', view, {
      title: view.title,
      path,
      scripts: ['forms.js']
    })
  }
}

/** The same form again, by itself or by a button: its id makes sure that it is one hold. */
function askAgain(request: FastifyRequest, reply: FastifyReply, { purchaseId }: Sent) {
  const words = wordsOf(request)
  const fields = Object.entries(request.body as Record<string, unknown>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ name, value: String(one) }))
  )
  const view = {
    heading: words.confirming.holdHeading,
    text: words.confirming.holdText,
    form: { action: '/compras', fields },
    href: `/compras/${purchaseId}`,
    eventsHref: ''
  }
  return render(request, reply.code(202), 'confirming', view, { title: words.confirming.title, path: '/', scripts: ['again.js'] })
}
