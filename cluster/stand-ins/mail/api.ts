import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Refusal } from '../../../chassis/errors.ts'
import type { Faults } from '../faults.ts'
import type { Mailbox } from './mailbox.ts'
import type { MailFault } from './smtp.ts'

export interface Office {
  mailbox: Mailbox
  faults: Faults<MailFault>
}

/** Types that a browser only shows. Everything else is saved. */
const SHOWN = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain']

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })

const Fault = Type.Object({
  mode: Type.Union((['none', 'refuse', 'tempfail', 'hang', 'slow', 'die'] as const).map((mode) => Type.Literal(mode))),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 }))
})

export const Search = Type.Object({
  to: Type.Optional(Type.String({ maxLength: 254 })),
  subject: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 }))
})

/** The mailbox for programs, and trouble on demand. */
export const api: FastifyPluginAsyncTypebox<Office> = async (app, { mailbox, faults }) => {
  app.get('/api/messages', { schema: { querystring: Search } }, async ({ query }, reply) => {
    const counts = mailbox.deliveries()
    reply.header('x-mailbox-overflowed', String(mailbox.overflowed()))
    return mailbox.find(query).map((mail) => ({ ...mail, deliveries: counts.get(mail.messageId) }))
  })

  app.delete('/api/messages', async (_request, reply) => {
    await mailbox.empty()
    return reply.code(204).send()
  })

  app.get('/api/messages/:id', { schema: { params: Id } }, async ({ params }) => {
    const { letter, ...mail } = await known(params.id)
    return { ...mail, text: letter.text, html: letter.html, headers: letter.headers }
  })

  app.get(
    '/api/messages/:id/attachments/:n',
    { schema: { params: Type.Object({ ...Id.properties, n: Type.Integer({ minimum: 0, maximum: 1_000 }) }) } },
    async ({ params }, reply) => {
      const attachment = (await known(params.id)).letter.attachments[params.n]
      if (!attachment) throw new Refusal('ATTACHMENT_UNKNOWN', 404, 'The mail has no such attachment', params)
      const shown = SHOWN.includes(attachment.type)
      return reply
        .type(shown ? attachment.type : 'application/octet-stream')
        .header('content-disposition', `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(attachment.name)}`)
        .header('x-content-type-options', 'nosniff')
        .send(attachment.content)
    }
  )

  app.get('/api/deliveries', async () => Object.fromEntries(mailbox.deliveries()))

  app.get('/api/faults', async () => faults.current() ?? { mode: 'none' })

  app.post('/api/faults', { schema: { body: Fault } }, async ({ body: { mode, ...rest } }) => {
    faults.set(mode === 'none' ? undefined : { mode, ...rest })
    return faults.current() ?? { mode: 'none' }
  })

  async function known(id: string) {
    const mail = await mailbox.read(id)
    if (!mail) throw new Refusal('MAIL_UNKNOWN', 404, 'There is no such mail', { id })
    return mail
  }
}
