import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Door } from '../../cluster/driver/network.ts'

/** What a link does to whoever goes by it, from the moment it is told on. */
export interface Weather {
  /** Every piece arrives so much later, each way. */
  latencyMs: number
  /** Of every connection, each way. */
  bytesPerSecond: number
  /** Every so many-th connection stays open and carries nothing, in no direction; absent: none does. */
  hangEvery?: number
}

/** What a link has carried so far. */
export interface Carried {
  connections: number
  bytes: number
  /** Pieces that somebody sent and that went no further. */
  held: number
}

/** A way to a door that is longer, narrower and less certain than the one on this machine. */
export interface SlowLink {
  door: Door
  carried: () => Carried
  become: (weather: Weather) => void
  /** Every connection ends without a goodbye; the next ones are taken. */
  reset: () => void
  close: () => Promise<void>
}

/** More than this is not taken from a sender before something of it has gone out: a narrow link makes senders wait. */
const ON_THE_WAY_BYTES_MAX = 32_768
const MS_PER_SECOND = 1_000
/** Who has said all that there is to say may still hear what is on its way. */
const HALF = { allowHalfOpen: true }

/** @param host - Where the link begins; its port is any free one. */
export async function openSlowLink(host: string, to: Door, first: Weather): Promise<SlowLink> {
  const open = new Set<Socket>()
  const carried: Carried = { connections: 0, bytes: 0, held: 0 }
  let weather = first
  const server = createServer(HALF, (socket) => {
    const number = ++carried.connections
    const onwards = connect({ ...to, ...HALF })
    const hangs = () => weather.hangEvery !== undefined && number % weather.hangEvery === 0
    for (const [from, into] of [
      [socket, onwards],
      [onwards, socket]
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.on('error', () => {}) // its other end learns by the close
      from.on('close', () => {
        open.delete(from)
        into.destroy()
      })
      carry(from, into, () => weather, hangs, carried)
    }
  })
  server.listen({ host, port: 0 })
  await once(server, 'listening')

  return {
    door: { host, port: (server.address() as AddressInfo).port },
    carried: () => ({ ...carried }),
    become(next) {
      weather = next
    },
    reset,
    async close() {
      const closed = once(server, 'close')
      server.close()
      reset()
      await closed
    }
  }

  function reset(): void {
    for (const socket of open) socket.resetAndDestroy()
  }
}

/** One direction of one connection: what comes is sent on in its order, each piece when it is due. */
function carry(from: Socket, into: Socket, weather: () => Weather, hangs: () => boolean, carried: Carried): void {
  const waiting: Array<{ piece: Buffer | null; dueMs: number }> = []
  let [waitingBytes, freeAtMs] = [0, 0]
  let timer: NodeJS.Timeout | undefined

  from.on('data', (piece: Buffer) => queue(piece))
  from.on('end', () => queue(null))
  from.on('close', () => clearTimeout(timer))

  function queue(piece: Buffer | null): void {
    if (hangs()) {
      carried.held++
      from.pause() // for ever: what has hung once is of no more use
      return
    }
    const { latencyMs, bytesPerSecond } = weather()
    const bytes = piece?.length ?? 0
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes * MS_PER_SECOND) / bytesPerSecond
    waiting.push({ piece, dueMs: freeAtMs + latencyMs })
    waitingBytes += bytes
    if (waitingBytes > ON_THE_WAY_BYTES_MAX) from.pause()
    timer ??= later()
  }

  function later(): NodeJS.Timeout {
    return setTimeout(deliver, Math.max(1, waiting[0]!.dueMs - performance.now()))
  }

  function deliver(): void {
    timer = undefined
    for (let next = waiting[0]; next && next.dueMs <= performance.now(); next = waiting[0]) {
      waiting.shift()
      if (into.destroyed) return
      if (next.piece) into.write(next.piece)
      else into.end()
      waitingBytes -= next.piece?.length ?? 0
      carried.bytes += next.piece?.length ?? 0
    }
    if (waitingBytes <= ON_THE_WAY_BYTES_MAX && !hangs()) from.resume()
    if (waiting.length > 0) timer = later()
  }
}
