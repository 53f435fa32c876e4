import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Refusal } from '../chassis/errors.ts'
import { choiceOf } from './choice-form.ts'
import { HoldForm } from './hold-http.ts'
import { purchaseIn } from './owner.ts'
import { render, wordsOf } from './render.ts'
import type { ShopWindow } from './shop-window.ts'
import { typesView } from './types-view.ts'

/** The seats of a form with their ticket types to choose, for browsers in which the form cannot ask for them itself. Nothing is held yet. */
export const typesHttp: FastifyPluginAsyncTypebox<{ shopWindow: ShopWindow }> = async (app, { shopWindow }) => {
  app.post('/compras/tipos', { schema: { body: HoldForm } }, async (request, reply) => {
    const choice = choiceOf(request.body)
    const { compra, codigo, sector } = request.body
    const { value: show } = await shopWindow.show(codigo)
    if (!choice || show?.showId !== choice.showId) throw new Refusal('BAD_INPUT', 400, 'Not a form of ours', {})
    purchaseIn(request, compra)
    if (choice.seatNos.length === 0)
      return reply.redirect(`/funciones/${codigo}${sector ? `/sectores/${encodeURIComponent(sector)}` : ''}`, 303)
    const words = wordsOf(request)
    const view = typesView(words, show, choice, await shopWindow.places(show.showId, choice.seatNos), compra)
    return render(request, reply, 'types', view, { title: words.types.title, path: view.backHref, scripts: ['forms.js'] })
  })
}
