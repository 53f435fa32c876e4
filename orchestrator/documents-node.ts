import CircuitBreaker from 'opossum'
import { Refusal } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import type { Problem } from '../chassis/problem.ts'

/** What one node of the document store said. */
export interface Answer {
  /** Whether it says that it takes writes. A former leader that was cut off says so too, and knows nothing of what came after. */
  leads: boolean
  /** The document is there: nobody has more of it. */
  complete: boolean
  result: Response | Refusal
  /** For an answer that nobody reads. */
  discard: () => Promise<void>
}

export interface DocumentNode {
  /** @throws whatever kept it from answering; after one fault it is not asked for {@link REST_MS}. */
  ask: (path: string, msMax: number) => Promise<Answer>
  askAnyway: (path: string, msMax: number) => Promise<Answer>
  close: () => void
}

const BODY_MS_MAX = 20_000
const REST_MS = 1_000 // a buyer who sees that a document is there must not be told otherwise for long
const CALLS_AT_ONCE_MAX = 100

/** Billing in front of one node, with a breaker: after the rest one reader at a time finds out whether it is back. */
export function openDocumentNode(url: string, token: string, log: Log): DocumentNode {
  const askAnyway = (path: string, msMax: number) => open(`${url}${path}`, token, msMax)
  const breaker = new CircuitBreaker(askAnyway, {
    name: url,
    timeout: false, // the request ends itself; the breaker's own clock would only stop listening
    resetTimeout: REST_MS,
    errorThresholdPercentage: 0,
    volumeThreshold: 1,
    capacity: CALLS_AT_ONCE_MAX,
    errorFilter: isCrowd
  })
  breaker.on('open', () => log.warn({ url }, 'documents not read from this node for a while'))
  breaker.on('close', () => log.info({ url }, 'documents read from this node again'))
  return { ask: (path, msMax) => breaker.fire(path, msMax), askAnyway, close: () => breaker.shutdown() }
}

/** That too many ask says nothing about the node. */
function isCrowd(err: unknown): boolean {
  return (err as { code?: string }).code === 'ESEMLOCKED'
}

async function open(url: string, token: string, msMax: number): Promise<Answer> {
  const ending = new AbortController()
  const late = (ms: number) => setTimeout(() => ending.abort(new Error('billing took too long')), ms).unref()
  const waiting = late(msMax)
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: ending.signal })
    late(BODY_MS_MAX)
    const leads = response.headers.get('x-source') !== 'replica'
    if (response.ok)
      return { leads, complete: !(await isPending(response)), result: response, discard: async () => response.body?.cancel() }
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
    if (response.status >= 500 || response.status === 401) throw new Error(`billing answered ${response.status}`)
    const refusal = new Refusal(problem.code ?? 'REFUSED', response.status, problem.title ?? 'refused', problem.params ?? {})
    return { leads, complete: false, result: refusal, discard: async () => {} }
  } finally {
    clearTimeout(waiting)
  }
}

/** Of an order's documents this is said inside; a file that comes is there. */
async function isPending(response: Response): Promise<boolean> {
  if (!response.headers.get('content-type')?.includes('json')) return false
  const { state } = (await response.clone().json()) as { state?: string }
  return state === 'pending'
}
