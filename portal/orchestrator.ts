import { setTimeout as sleep } from 'node:timers/promises'
import CircuitBreaker from 'opossum'
import { peer } from '../chassis/call.ts'
import { PAGE_MS_MAX } from '../chassis/deadlines.ts'
import { isUnavailable, isUnknown, Refusal, unavailable } from '../chassis/errors.ts'
import type { Problem } from '../chassis/problem.ts'
import type { Documents, TicketKeys } from '../contracts/documents.ts'
import type { BankReturn, LostTickets, PaymentRequest, PaymentStarted, Purchase } from '../contracts/purchase.ts'
import type { Wish } from '../contracts/values.ts'

export interface Orchestrator {
  hold: (purchaseId: string, wish: Wish) => Promise<Purchase>
  /** More time for the hold, once; a repeat gets the same. */
  extend: (purchaseId: string) => Promise<Purchase>
  find: (purchaseId: string) => Promise<Purchase>
  release: (purchaseId: string) => Promise<Purchase>
  pay: (purchaseId: string, request: PaymentRequest) => Promise<PaymentStarted>
  returnFromBank: (sent: BankReturn) => Promise<Purchase>
  mailLinks: (request: LostTickets) => Promise<unknown>
  followLink: (token: string) => Promise<Purchase>
  documents: (purchaseId: string) => Promise<Documents>
  /** A document as a stream; `path` as in contracts/documents.ts. */
  file: (purchaseId: string, path: string) => Promise<Response>
  ticketKeys: () => Promise<TicketKeys>
  isThere: () => Promise<boolean>
  close: () => void
}

const READ_MS_MAX = 3_000
const FILE_MS_MAX = 15_000
const SECOND_ROUND_MS = 1_200 // longer than the orchestrator rests before it asks billing again
const THERE_MS_MAX = 1_000
const CALLS_MAX = 1_000 // as many as come while a failover makes them wait
const REST_MS = 1_000

/**
 * The portal's only way to sell: it knows the orchestrator and nobody behind it.
 * After repeated faults it fails at once for {@link REST_MS}; a refusal is an
 * answer and not a fault. Documents have a breaker of their own, because they
 * may be away for an hour while every seat still sells.
 *
 * @param urls - Every instance, with commas between.
 * @throws Refusal what a service refused; an unknown outcome when a command may
 *   have worked: the same command, with the same id, may be sent again.
 */
export function openOrchestrator(urls: string, token: string): Orchestrator {
  const seller = peer(urls, token, PAGE_MS_MAX)
  const reader = peer(urls, token, READ_MS_MAX)
  const selling = breaker()
  const reading = breaker()
  const sell = <T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) =>
    guarded(selling, () => seller.call<T>(method, path, body))
  const read = <T>(path: string) => guarded(reading, () => reader.call<T>('GET', path))

  return {
    hold: (id, wish) => sell('PUT', `/purchases/${id}`, wish),
    extend: (id) => sell('PUT', `/purchases/${id}/extension`),
    find: (id) => sell('GET', `/purchases/${id}`),
    release: (id) => sell('DELETE', `/purchases/${id}`),
    pay: (id, request) => sell('PUT', `/purchases/${id}/payment`, request),
    returnFromBank: (sent) => sell('POST', '/payments/return', sent),
    mailLinks: (request) => sell('POST', '/lost-tickets', request),
    followLink: (link) => sell('GET', `/links/${encodeURIComponent(link)}`),
    documents: (id) => read(`/purchases/${id}/documents`),
    ticketKeys: () => read('/ticket-keys'),
    file: (id, path) => guarded(reading, () => fetchFile(urls.split(','), token, `/purchases/${id}/documents/${path}`)),
    isThere: () =>
      peer(urls, token, THERE_MS_MAX)
        .call('GET', '/healthz')
        .then(
          () => true,
          () => false
        ),
    close: () => {
      selling.shutdown()
      reading.shutdown()
    }
  }
}

type Breaker = CircuitBreaker<[() => Promise<unknown>], unknown>

function breaker(): Breaker {
  return new CircuitBreaker((work: () => Promise<unknown>) => work(), {
    timeout: false, // every call has a deadline of its own; the breaker's clock would only stop listening
    resetTimeout: REST_MS,
    errorThresholdPercentage: 50,
    volumeThreshold: 20,
    capacity: CALLS_MAX,
    errorFilter: (err: unknown) => err instanceof Refusal
  })
}

async function guarded<T>(breaker: Breaker, work: () => Promise<T>): Promise<T> {
  try {
    return (await breaker.fire(work)) as T
  } catch (err) {
    if (err instanceof Refusal || isUnknown(err) || isUnavailable(err)) throw err
    throw unavailable('the orchestrator', err)
  }
}

/** From the first instance that has an answer. What has just come back may not be known everywhere: a second round asks again. */
async function fetchFile(urls: string[], token: string, path: string): Promise<Response> {
  let failure: unknown
  for (const [i, url] of [...urls, ...urls].entries()) {
    if (i === urls.length) await sleep(SECOND_ROUND_MS)
    try {
      return await fetchFrom(url, token, path)
    } catch (err) {
      if (err instanceof Refusal) throw err
      failure = err
    }
  }
  throw unavailable('the document', failure)
}

async function fetchFrom(url: string, token: string, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(FILE_MS_MAX) })
  if (response.ok) return response
  const { code = 'DOCUMENT_UNKNOWN', title = 'No such document' } = (await response.json().catch(() => ({}))) as Partial<Problem>
  if (response.status < 500) throw new Refusal(code, response.status, title, {})
  throw new Error(`answered ${response.status}`)
}
