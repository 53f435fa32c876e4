import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Log } from '../../../chassis/log.ts'
import type { Faults } from '../faults.ts'
import type { Mailbox } from './mailbox.ts'

/** `refuse`: no, for ever; `tempfail`: not now; `hang`: no answer, not kept; `slow`: kept, after a while; `die`: kept, and the answer is lost. */
export type MailFault = 'refuse' | 'tempfail' | 'hang' | 'slow' | 'die'

const MAIL_BYTES_MAX = 30_000_000
const CLIENTS_MAX = 100
const SILENCE_MS_MAX = 60_000
const CLOSE_MS_MAX = 500
const SLOW_MS = 4_000

/** The door that mails come in by. It says yes when the mail is kept, and not before. */
export async function openSmtp(
  mailbox: Mailbox,
  faults: Faults<MailFault>,
  log: Log,
  address: { host: string; port: number }
): Promise<SMTPServer> {
  const server = new SMTPServer({
    name: 'correo.pruebas.invalid',
    banner: 'simulador de correo',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAIL_BYTES_MAX,
    maxClients: CLIENTS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    closeTimeout: CLOSE_MS_MAX,
    onData: (stream, session, done) => {
      receive(stream, session).then((answer) => answer && done(null, answer), done)
    }
  })
  server.on('error', (err) => log.warn({ err }, 'mail connection'))
  server.listen(address.port, address.host)
  await once(server.server, 'listening')
  return server

  /** @returns What the sender is told; nothing: it is told nothing. */
  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | undefined> {
    const raw = await bytesOf(stream)
    if (stream.sizeExceeded) throw refusal(552, 'message too large')
    const fault = faults.take('message')
    if (fault === 'hang') return undefined
    if (fault === 'refuse') throw refusal(550, 'mailbox unavailable')
    if (fault === 'tempfail') throw refusal(451, 'try again later')
    if (fault === 'slow') await sleep(SLOW_MS)
    const { mailFrom, rcptTo } = session.envelope
    const mail = await mailbox.keep({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address: to }) => to) }, raw)
    if (fault !== 'die') return `kept as ${mail.id}`
    for (const connection of server.connections) if (connection.session.id === session.id) connection._socket?.destroy()
    return undefined
  }
}

/** All of it is read, or the connection would stand still; beyond the limit it is dropped. */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode })
}
