import { createTransport, type NodemailerError } from 'nodemailer'
import type { Letter } from './letter.ts'

const CONNECTIONS_MAX = 3
const CONNECT_MS_MAX = 5_000
const SILENCE_MS_MAX = 20_000

export interface Enclosed extends Letter {
  attachments: Array<{ filename: string; content: Buffer }>
}

export interface Mailer {
  /** Sends one mail, once: what to do about a failure is for the caller to say. The same id is the same Message-ID. */
  send: (id: string, to: string, mail: Enclosed) => Promise<{ messageId: string; response: string }>
  close: () => void
}

/** A few connections to the mail server, kept open. */
export function openMailer(smtpUrl: string, from: string): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    maxRequeues: 0, // a mail that may have gone out is never sent again behind our back
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX
  })
  const domain = /@([a-z0-9.-]+)>?$/i.exec(from)?.[1] ?? 'localhost'
  return {
    send: async (id, to, { subject, text, html, attachments }) => {
      const messageId = `<${id}@${domain}>`
      const files = attachments.map((file) => ({ ...file, contentType: 'application/pdf' }))
      const { response } = await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId,
        attachments: files
      })
      return { messageId, response }
    },
    close: () => transport.close({ force: true })
  }
}

/** Not the fault of any mail: the server is not reached, hangs up, or does not know us. */
const AWAY = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS', 'ECONNREFUSED', 'ECONNRESET', 'EAUTH', 'ENOAUTH'])
/** Nobody can be written to at this address. */
const HOPELESS = new Set(['EENVELOPE'])

/** What a failed try means for the mail. @see RFC 5321 section 4.2.1 */
export function judge(err: unknown): 'away' | 'temporary' | 'permanent' {
  const { code, permanent, responseCode } = err as NodemailerError
  if (code === 'EAUTH' || (responseCode === undefined && code !== undefined && AWAY.has(code))) return 'away'
  if (permanent || (responseCode === undefined && code !== undefined && HOPELESS.has(code))) return 'permanent'
  return 'temporary'
}
