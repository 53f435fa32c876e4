import { once } from 'node:events'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { Test } from 'tap'

const ADDRESS = '127.106.9.1'

/** A real mail server for a test, which can refuse and go away. */
export async function mailServer(t: Test) {
  const received: string[] = []
  let code = 0
  let server = await open(0)
  const { port } = server.server.address() as { port: number }
  const away = () => new Promise<void>((resolve) => server.close(resolve))
  t.teardown(away)
  return {
    url: `smtp://${ADDRESS}:${port}`,
    away,
    back: async () => {
      server = await open(port)
    },
    /** What it answers to every mail from now on; 0 is yes. */
    answerWith: (next: number) => {
      code = next
    },
    mails: (): Promise<Email[]> => Promise.all(received.map((raw) => PostalMime.parse(raw)))
  }

  async function open(onPort: number): Promise<SMTPServer> {
    const opened = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          if (code !== 0) return done(Object.assign(new Error('not now'), { responseCode: code }))
          received.push(Buffer.concat(chunks).toString())
          done(null, 'kept')
        })
      }
    })
    opened.on('error', () => {})
    opened.listen(onPort, ADDRESS)
    await once(opened.server, 'listening')
    return opened
  }
}
