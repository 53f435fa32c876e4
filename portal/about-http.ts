import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PRIVACY_VERSION, TERMS_VERSION } from './legal.ts'
import { legalView } from './legal-view.ts'
import type { Orchestrator } from './orchestrator.ts'
import { render, wordsOf } from './render.ts'
import type { ShopWindow } from './shop-window.ts'

const KEYS_SECONDS = 60

interface About {
  shopWindow: ShopWindow
  orchestrator: Orchestrator
  publicUrl: string
}

/** What people and machines may know about the shop itself. */
export const aboutHttp: FastifyPluginAsyncTypebox<About> = async (app, { shopWindow, orchestrator, publicUrl }) => {
  app.get('/terminos', (request, reply) => {
    const view = legalView(wordsOf(request), 'terms', TERMS_VERSION)
    return render(request, reply, 'legal', view, { title: view.heading })
  })

  app.get('/privacidad', (request, reply) => {
    const view = legalView(wordsOf(request), 'privacy', PRIVACY_VERSION)
    return render(request, reply, 'legal', view, { title: view.heading })
  })

  app.get('/llaves.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${KEYS_SECONDS}`)
    return orchestrator.ticketKeys()
  })

  app.get('/robots.txt', (_request, reply) =>
    reply.type('text/plain').send(`User-agent: *\nDisallow: /compras\nDisallow: /mis-entradas/\nDisallow: /pago\nHost: ${publicUrl}\n`)
  )

  app.get('/favicon.ico', (_request, reply) => reply.redirect('/estatico/favicon.svg', 301))

  app.get('/readyz', async (_request, reply) => {
    const [catalogue, seller] = await Promise.all([shopWindow.isThere(), orchestrator.isThere()])
    const missing = [...(catalogue ? [] : ['catalogue']), ...(seller ? [] : ['orchestrator'])]
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })
}
