import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Refusal } from '../chassis/errors.ts'
import { Code, Key } from '../contracts/values.ts'
import { catalogueView } from './catalogue-view.ts'
import { carriedIn } from './choice-form.ts'
import { newPurchase } from './owner.ts'
import { render, wordsOf } from './render.ts'
import { saleStateOf, sells } from './sale-state.ts'
import { sectionView } from './section-view.ts'
import type { ShopWindow } from './shop-window.ts'
import { showView } from './show-view.ts'

const QUERY_CHARS_MAX = 200

/** Looking around: what is on, what a show is, which seats are free. Nothing here changes anything. */
export const browseHttp: FastifyPluginAsyncTypebox<{ shopWindow: ShopWindow }> = async (app, { shopWindow }) => {
  app.get('/', async (request, reply) => {
    const words = wordsOf(request)
    const view = catalogueView(words, await shopWindow.shows(), new Date())
    return render(request, reply, 'catalogue', view, { title: words.catalogue.title, description: words.catalogue.lead })
  })

  app.get('/funciones/:code', { schema: { params: Type.Object({ code: Code }) } }, async (request, reply) => {
    const words = wordsOf(request)
    const { value: show, ageSeconds } = await shopWindow.show(request.params.code)
    if (!show) throw noSuchPage()
    const view = showView(words, { value: show, ageSeconds }, await shopWindow.outlines(show), newPurchase(request), new Date())
    return render(request, reply, 'show', view, {
      title: show.title,
      description: view.description,
      scripts: ['best.js', 'availability.js', 'forms.js']
    })
  })

  app.get(
    '/funciones/:code/sectores/:sectionNo',
    {
      schema: {
        params: Type.Object({ code: Code, sectionNo: Key }),
        querystring: Type.Object({ asientos: Type.Optional(Type.String({ maxLength: QUERY_CHARS_MAX })) })
      }
    },
    async (request, reply) => {
      const words = wordsOf(request)
      const { value: show } = await shopWindow.show(request.params.code)
      const section = show?.sections.find(({ sectionNo }) => sectionNo === request.params.sectionNo)
      if (!show || !section) throw noSuchPage()
      if (!sells(saleStateOf(show, new Date()))) return reply.redirect(`/funciones/${show.code}`, 303)
      const seen = await shopWindow.seats(show.showId, section.sectionNo)
      const view = sectionView(words, { show, section, seen }, newPurchase(request), carriedIn(request.query.asientos))
      return render(request, reply, 'section', view, {
        title: `${section.name} · ${show.title}`,
        scripts: ['choice.js', 'seats.js', 'taken.js', 'availability.js', 'forms.js']
      })
    }
  )
}

function noSuchPage(): Refusal {
  return new Refusal('NO_SUCH_PAGE', 404, 'No such show or section', {})
}
