import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isUnknown, Refusal } from '../chassis/errors.ts'
import { type Choice, Code, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { choiceOf, numberOf, ticketsOf } from './choice-form.ts'
import { type Action, holdRefusedView } from './message-view.ts'
import type { Orchestrator } from './orchestrator.ts'
import { own, purchaseIn } from './owner.ts'
import { render, wordsOf } from './render.ts'
import type { ShopWindow } from './shop-window.ts'
import type { Words } from './words.ts'

interface Shop {
  shopWindow: ShopWindow
  orchestrator: Orchestrator
  publicUrl: string
}

/** Where a form of chosen seats came from, and with which purchase it was born. */
interface Sent {
  purchaseId: string
  showCode: string
  sectionNo: number | undefined
  choice: Choice
}

const SIGNED_ID_CHARS_MAX = 100

const Form = Type.Object({
  compra: Type.String({ maxLength: SIGNED_ID_CHARS_MAX }),
  codigo: Code,
  sector: Type.Optional(Type.String({ maxLength: 10 }))
})

/**
 * The step from looking to buying: a form with an id that was made when it was
 * drawn. Sent twice, by a double click or a second tab, it is one hold.
 */
export const holdHttp: FastifyPluginAsyncTypebox<Shop> = async (app, { shopWindow, orchestrator, publicUrl }) => {
  app.post('/compras', { schema: { body: Form } }, async (request, reply) => {
    const choice = choiceOf(request.body)
    if (!choice) throw new Refusal('BAD_INPUT', 400, 'Not a form of ours', {})
    const { compra, codigo: showCode, sector } = request.body
    const purchaseId = purchaseIn(request, compra)
    const sent = { purchaseId, showCode, sectionNo: numberOf(sector), choice }
    const tickets = ticketsOf(choice)
    if (tickets === 0) return refused(request, reply, sent, 'EMPTY_CHOICE')
    if (tickets > SEATS_PER_ORDER_MAX) return refused(request, reply, sent, 'TOO_MANY_TICKETS')
    own(request, reply, purchaseId, publicUrl)
    return holdOrTell(request, reply, sent)
  })

  async function holdOrTell(request: FastifyRequest, reply: FastifyReply, sent: Sent) {
    try {
      const { state, refusal } = await orchestrator.hold(sent.purchaseId, sent.choice)
      if (state === 'refused' && refusal) return await refused(request, reply, sent, refusal.code, refusal.params)
      return reply.redirect(`/compras/${sent.purchaseId}`, 303)
    } catch (err) {
      if (err instanceof Refusal) return refused(request, reply, sent, err.code, err.params)
      if (isUnknown(err)) return askAgain(request, reply, sent)
      throw err
    }
  }

  async function refused(request: FastifyRequest, reply: FastifyReply, sent: Sent, code: string, params: Refusal['params'] = {}) {
    const words = wordsOf(request)
    const taken = Array.isArray(params.seatNos) ? params.seatNos.filter((seatNo) => typeof seatNo === 'number') : []
    const view = holdRefusedView(words, codeOf(code, params), await seatNames(words, sent, taken), waysBack(words, sent, taken, code))
    return render(request, reply.code(code === 'SEAT_TAKEN' || code === 'ZONE_FULL' ? 409 : 422), 'message', view, {
      title: view.title,
      path: `/funciones/${sent.showCode}`
    })
  }

  /** What people call the seats that are gone; without the catalogue they are just gone. */
  async function seatNames(words: Words, { choice, showCode, sectionNo }: Sent, seatNos: number[]): Promise<string[]> {
    if (seatNos.length === 0 || sectionNo === undefined) return []
    const [show, seats] = await Promise.all([shopWindow.show(showCode), shopWindow.seats(choice.showId, sectionNo)]).catch(() => [])
    const section = show?.value?.sections.find((candidate) => candidate.sectionNo === sectionNo)
    if (!section || !seats) return []
    return seats.value.filter(({ seatNo }) => seatNos.includes(seatNo)).map(({ row, label }) => words.place(section.name, row, label))
  }
}

function waysBack(words: Words, { purchaseId, showCode, sectionNo, choice }: Sent, taken: number[], code: string): Action[] {
  const kept = choice.seatNos.filter((seatNo) => !taken.includes(seatNo))
  const section = `/funciones/${showCode}/sectores/${sectionNo}${kept.length > 0 ? `?asientos=${kept.join(',')}` : ''}`
  return [
    ...(/MISMATCH|RELEASED/.test(code) ? [{ href: `/compras/${purchaseId}`, text: words.actions.purchase }] : []),
    ...(sectionNo === undefined ? [] : [{ href: section, text: words.actions.otherSeats }]),
    { href: `/funciones/${showCode}`, text: words.actions.show }
  ]
}

/** One code of the seller's has two meanings for a buyer. */
function codeOf(code: string, { when }: Refusal['params']): string {
  return code === 'NOT_ON_SALE' && when === 'over' ? 'SALE_OVER' : code
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
