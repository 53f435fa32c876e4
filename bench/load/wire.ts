import { connect } from 'node:net'

export interface Answer {
  status: number
  /** Status line and headers. */
  head: string
  body: Buffer
  ms: number
}

/** One keep-alive connection that carries one request at a time. */
export interface Wire {
  send: (request: string) => Promise<Answer>
  close: () => void
}

const ANSWER_MS_MAX = 10_000
const OPENED_AT_ONCE_MAX = 100
const NOTHING: Buffer = Buffer.alloc(0)
const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * HTTP/1.1 in the few lines that a load needs: a client that spends as much as
 * the server would measure itself. Answers must say their length.
 */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let waiting: { sentMs: number; resolve: (answer: Answer) => void; reject: (err: Error) => void } | undefined
  let received = NOTHING

  const fail = (err: Error) => {
    waiting?.reject(err)
    waiting = undefined
    socket.destroy()
  }
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', resolve)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  socket.setTimeout(ANSWER_MS_MAX, () => waiting && fail(new Error(`no answer in ${ANSWER_MS_MAX} ms`)))
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = answerIn(received)
    if (!answer || !waiting) return
    received = NOTHING
    const { resolve, sentMs } = waiting
    waiting = undefined
    resolve({ ...answer, ms: performance.now() - sentMs })
  })

  return { send, close: () => socket.destroy() }

  function send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (waiting || socket.destroyed) return reject(new Error(waiting ? 'one at a time' : 'the connection is closed'))
      waiting = { sentMs: performance.now(), resolve, reject }
      socket.write(request)
    })
  }
}

/** Spread over the servers, and opened a few at a time: a queue of connections that overflows costs a second. */
export async function openWires(urls: string[], count: number): Promise<Wire[]> {
  const wires: Wire[] = []
  while (wires.length < count) {
    const some = Math.min(OPENED_AT_ONCE_MAX, count - wires.length)
    wires.push(...(await Promise.all(Array.from({ length: some }, (_, i) => openWire(urls[(wires.length + i) % urls.length]!)))))
  }
  return wires
}

/** A few connections for many callers, first come, first served. What a caller waits for one counts as their time. */
export function shared(wires: Wire[]): Pick<Wire, 'send'> {
  const free = [...wires]
  const waiting: Array<(wire: Wire) => void> = []
  return { send }

  async function send(request: string): Promise<Answer> {
    const beganMs = performance.now()
    const wire = free.pop() ?? (await new Promise<Wire>((resolve) => waiting.push(resolve)))
    try {
      const answer = await wire.send(request)
      return { ...answer, ms: performance.now() - beganMs }
    } finally {
      const next = waiting.shift()
      if (next) next(wire)
      else free.push(wire)
    }
  }
}

export function putRequest(path: string, token: string, body: string): string {
  const length = Buffer.byteLength(body)
  return `PUT ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
}

export function getRequest(path: string, token: string, headers: Record<string, string> = {}): string {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n${more.join('')}\r\n`
}

export function headerOf({ head }: Answer, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim()
}

/** @returns Nothing while the answer is not all there. */
export function answerIn(received: Buffer): Omit<Answer, 'ms'> | undefined {
  const end = received.indexOf(HEAD_END)
  if (end < 0) return undefined
  const head = received.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined && status !== 304 && status !== 204) throw new Error(`an answer without its length: ${head}`)
  const from = end + HEAD_END.length
  const to = from + Number(length ?? 0)
  if (received.length < to) return undefined
  if (received.length > to) throw new Error('more than one answer to one request')
  return { status, head, body: received.subarray(from, to) }
}
