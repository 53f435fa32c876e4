import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { EMAIL_CHARS_MAX } from '../contracts/values.ts'
import { isEmail } from './buyer-form.ts'
import type { Orchestrator } from './orchestrator.ts'
import { own } from './owner.ts'
import { render, wordsOf } from './render.ts'

const TOKEN_CHARS_MAX = 200

/** The ways back to tickets without the browser that bought them: the link in the mail, or a new link. */
export const ticketsHttp: FastifyPluginAsyncTypebox<{ orchestrator: Orchestrator; publicUrl: string }> = async (
  app,
  { orchestrator, publicUrl }
) => {
  app.get('/mis-entradas', async (request, reply) => {
    const { lost } = wordsOf(request)
    const sent = (request.query as Record<string, unknown>).enviado !== undefined
    return render(request, reply, 'lost', { email: '', error: '', sent }, { title: lost.title, description: lost.text })
  })

  app.post(
    '/mis-entradas',
    { schema: { body: Type.Object({ correo: Type.String({ maxLength: EMAIL_CHARS_MAX * 2 }) }) } },
    async (request, reply) => {
      const { lost, language } = wordsOf(request)
      const email = request.body.correo.trim()
      if (!isEmail(email)) {
        const view = { email, error: lost.emailError, sent: false }
        return render(request, reply.code(422), 'lost', view, { title: lost.title, path: '/mis-entradas' })
      }
      await orchestrator.mailLinks({ email, language })
      return reply.redirect('/mis-entradas?enviado=1', 303) // the same for every address
    }
  )

  app.get(
    '/mis-entradas/:token',
    { schema: { params: Type.Object({ token: Type.String({ maxLength: TOKEN_CHARS_MAX }) }) } },
    async (request, reply) => {
      const { purchaseId } = await orchestrator.followLink(request.params.token)
      own(request, reply, purchaseId, publicUrl)
      return reply.redirect(`/compras/${purchaseId}`, 303) // so that the link itself is in no history that others see
    }
  )
}
