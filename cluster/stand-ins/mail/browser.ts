import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { type Office, Search } from './api.ts'
import { inboxPage, mailPage } from './pages.ts'

const SHOWN_MAX = 200

const OURS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'"
/** For the HTML of a mail: no script, no form, nothing fetched; a link opens a window of its own. */
const THEIRS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })

/** The mailbox for people. */
export const browser: FastifyPluginAsyncTypebox<Office> = async (app, { mailbox }) => {
  app.get('/', { schema: { querystring: Search } }, async ({ query }, reply) => {
    const { to, subject, limit = SHOWN_MAX } = query
    const mails = mailbox.find({ to, subject, limit })
    return html(reply, OURS, inboxPage({ mails, deliveries: mailbox.deliveries(), asked: { to, subject } }))
  })

  app.get('/messages/:id', { schema: { params: Id } }, async ({ params }, reply) => {
    const mail = await mailbox.read(params.id)
    if (!mail) return reply.callNotFound()
    return html(reply, OURS, mailPage(mail, mailbox.deliveries().get(mail.messageId) ?? 1))
  })

  app.get('/messages/:id/html', { schema: { params: Id } }, async ({ params }, reply) => {
    const mail = await mailbox.read(params.id)
    if (!mail) return reply.callNotFound()
    return html(reply, THEIRS, `<!doctype html><base target="_blank">${mail.letter.html}`)
  })
}

function html(reply: FastifyReply, policy: string, text: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    .send(text)
}
