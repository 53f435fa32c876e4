import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import CircuitBreaker from 'opossum'
import { Refusal, unavailable } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import type { Problem } from '../chassis/problem.ts'
import type { Documents, TicketKeys } from '../contracts/documents.ts'

const HEADERS_MS_MAX = 3_000
const BODY_MS_MAX = 20_000
const FILE_BYTES_MAX = 20 * 1024 * 1024
const REST_MS = 1_000 // a buyer who sees that a document is there must not be told otherwise for long
const CALLS_AT_ONCE_MAX = 100
const UNKNOWN = 'DOCUMENT_UNKNOWN'
/** What billing says about a file, passed on as it is. */
const PASSED_ON = ['content-type', 'content-disposition', 'etag', 'x-source'] as const

/** A file on its way from billing to the portal. `x-source` among its headers says which node it came from. */
export interface DocumentFile {
  bytes: Readable
  headers: Record<string, string>
}

export interface DocumentReader {
  find: (orderId: string) => Promise<Documents>
  keys: () => Promise<TicketKeys>
  /** @param name - As billing names it: `receipt.pdf`, `tickets.pdf`, `tickets/2.pdf`. */
  file: (orderId: string, name: string) => Promise<DocumentFile>
  close: () => void
}

/**
 * Reads documents where they are written, and from the replica while that node
 * does not answer: a dead primary never hides a document that exists. After
 * repeated faults a node is left alone for {@link REST_MS}. A refusal is an
 * answer: nobody else is asked.
 *
 * @throws `unavailable` when neither node answers.
 */
export function readDocuments(primaryUrl: string, replicaUrl: string, token: string, log: Log): DocumentReader {
  const nodes = [primaryUrl, replicaUrl].map(
    (url, i) =>
      new CircuitBreaker((path: string) => open(url, path, token), {
        name: i === 0 ? 'primary' : 'replica',
        timeout: false, // the request ends itself; the breaker's own clock would only stop listening
        resetTimeout: REST_MS,
        errorThresholdPercentage: 50,
        volumeThreshold: 5,
        capacity: CALLS_AT_ONCE_MAX,
        errorFilter: (err) => err instanceof Refusal
      })
  )
  const replica = nodes.at(-1) // what it does not know it may not know yet
  for (const node of nodes) node.on('open', () => log.warn({ node: node.name }, 'documents not read from this node for a while'))

  return {
    find: async (orderId) => (await (await first(`/orders/${orderId}/documents`)).json()) as Documents,
    keys: async () => (await (await first('/ticket-keys')).json()) as TicketKeys,
    file: async (orderId, name) => fileOf(await first(`/orders/${orderId}/${name}`)),
    close: () => {
      for (const node of nodes) node.shutdown()
    }
  }

  async function first(path: string): Promise<Response> {
    const causes: unknown[] = []
    for (const node of nodes) {
      try {
        return await node.fire(path)
      } catch (err) {
        if (err instanceof Refusal && !(node === replica && err.code === UNKNOWN)) throw err
        causes.push(err)
      }
    }
    throw unavailable('the document store', new AggregateError(causes))
  }
}

async function open(url: string, path: string, token: string): Promise<Response> {
  const ending = new AbortController()
  const late = (ms: number) => setTimeout(() => ending.abort(new Error('billing took too long')), ms).unref()
  const waiting = late(HEADERS_MS_MAX)
  try {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, signal: ending.signal })
    late(BODY_MS_MAX)
    if (response.ok) return response
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
    if (response.status >= 500 || response.status === 401) throw new Error(`billing answered ${response.status}`)
    throw new Refusal(problem.code ?? 'REFUSED', response.status, problem.title ?? 'refused', problem.params ?? {})
  } finally {
    clearTimeout(waiting)
  }
}

/** @throws Error when the file is larger than we carry, or its size is not said before it comes. */
async function fileOf(response: Response): Promise<DocumentFile> {
  const { headers, body } = response
  const length = Number(headers.get('content-length') ?? Number.NaN)
  if (!body || !(length <= FILE_BYTES_MAX)) {
    await body?.cancel()
    throw new Error('billing sends a file that we do not carry')
  }
  const known = PASSED_ON.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) as string]] : []))
  return { bytes: Readable.fromWeb(body as ReadableStream), headers: { ...Object.fromEntries(known), 'content-length': String(length) } }
}
