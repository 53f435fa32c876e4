import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** For tests: a wire to the database that can be cut where it hurts. */
export interface Wire {
  /** The database, as it is reached over this wire. */
  url: string
  /** Breaks just before or just after it passes on a commit together with this text: once, or all of it until it is mended. */
  cutAtCommit: (text: string, when: 'before' | 'after', forGood?: 'until mended') => void
  mend: () => void
  cuts: () => number
}

/** As long as the server may need to do what it was told before it hears that nobody listens. */
const LAST_MS = 200

export async function givenWire(t: Test, target: string): Promise<Wire> {
  const { hostname, port } = new URL(target)
  const clients = new Set<Socket>()
  let due: { text: string; when: 'before' | 'after'; forGood: boolean } | undefined
  let cuts = 0
  let down = false
  const wire = createServer((client) => carry(client, connect(Number(port), hostname)))
  wire.listen(0, '127.0.0.1')
  await once(wire, 'listening')
  t.teardown(() => wire.close())
  const url = new URL(target)
  url.host = `127.0.0.1:${(wire.address() as AddressInfo).port}`
  return {
    url: url.href,
    cutAtCommit(text, when, forGood) {
      due = { text, when, forGood: forGood !== undefined }
    },
    mend() {
      down = false
    },
    cuts: () => cuts
  }

  function carry(client: Socket, server: Socket): void {
    clients.add(client)
    if (down) client.destroy()
    client.on('data', (bytes) => {
      const cut = due && bytes.includes('; commit') && bytes.includes(due.text) ? due : undefined
      if (cut?.when !== 'before') server.write(bytes)
      if (!cut) return
      due = undefined
      cuts++
      down = cut.forGood
      for (const one of cut.forGood ? clients : [client]) one.destroy()
    })
    server.on('data', (bytes) => client.destroyed || client.write(bytes))
    for (const socket of [client, server]) socket.on('error', () => {})
    client.on('close', () => {
      clients.delete(client)
      setTimeout(() => server.destroy(), LAST_MS).unref()
    })
    server.on('close', () => client.destroy())
  }
}
