import { isUnavailable, isUnknown, Refusal, unavailable, unknownOutcome } from './errors.ts'
import type { Problem } from './problem.ts'

/** What one try may take of the whole, so that a silent instance leaves time for the next one. */
const TRY_SHARE = 0.7
/** An instance that keeps somebody waiting is asked whether it lives: so often, for all who wait. */
const DOUBT_MS = 1_000
/** Much longer than a busy instance takes to say so. */
const LIFE_MS_MAX = 3_000
const REST_MS = 5_000
/** A caller that is late itself has missed answers that had come. */
const LAG_MS_MAX = 250

export interface Peer {
  /** One request to one of the peer's instances, and to the next one when that one does not answer. Only for what may be repeated. */
  call: <T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<T>
}

interface Instance {
  url: string
  /** It was left a moment ago: others are asked before it. */
  restsUntilMs: number
  askedMs: number
  alive: Promise<boolean>
}

interface Sent {
  token: string
  method: string
  path: string
  body: unknown
  msMax: number
}

/**
 * A service of ours on the other side of a wire. Every command carries an id of
 * its caller's, so a request that got no answer is sent again, to the next
 * instance, until the deadline. A slow answer is waited for while its instance
 * lives; one that is frozen is left.
 *
 * @param urls - Every instance, with commas between.
 * @param msMax - The deadline of a whole call, all its tries included.
 * @throws Refusal what the peer refused; `unavailable` when nothing was sent;
 *   an unknown outcome when something was sent and no answer came; any other error is ours.
 */
export function peer(urls: string, token: string, msMax: number): Peer {
  const instances = urls.split(',').map((url): Instance => ({ url, restsUntilMs: 0, askedMs: 0, alive: Promise.resolve(true) }))
  let next = 0

  return { call }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const deadline = performance.now() + msMax
    const order = inOrder()
    let failure: unknown
    for (const instance of [...order, order[0]!]) {
      const left = deadline - performance.now()
      if (left <= 0) break
      try {
        const sent = { token, method, path, body, msMax: Math.ceil(Math.min(left, msMax * TRY_SHARE)) }
        return order.length > 1 ? await askWhileAlive<T>(instance, sent) : await ask<T>(instance.url, sent)
      } catch (err) {
        if (!isUnknown(err) && !isUnavailable(err)) throw err
        if (!isUnknown(failure)) failure = err
      }
    }
    throw failure ?? unavailable(path)
  }

  /** Every instance once, each call beginning with another one. */
  function inOrder(): Instance[] {
    const first = next++ % instances.length
    const nowMs = performance.now()
    return [...instances.slice(first), ...instances.slice(0, first)].toSorted(
      (a, b) => Number(a.restsUntilMs > nowMs) - Number(b.restsUntilMs > nowMs)
    )
  }
}

/** Somebody else can be asked: an instance that does not even say that it lives is not waited for. */
async function askWhileAlive<T>(instance: Instance, sent: Sent): Promise<T> {
  const left = new AbortController()
  const looking = setInterval(async () => {
    if (await isAlive(instance)) return
    instance.restsUntilMs = performance.now() + REST_MS
    left.abort()
  }, DOUBT_MS)
  try {
    return await ask<T>(instance.url, sent, left.signal)
  } finally {
    clearInterval(looking)
  }
}

function isAlive(instance: Instance): Promise<boolean> {
  const nowMs = performance.now()
  if (nowMs - instance.askedMs < DOUBT_MS) return instance.alive
  instance.askedMs = nowMs
  instance.alive = fetch(`${instance.url}/healthz`, { signal: AbortSignal.timeout(LIFE_MS_MAX) }).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => performance.now() - nowMs > LIFE_MS_MAX + LAG_MS_MAX
  )
  return instance.alive
}

async function ask<T>(url: string, { token, method, path, body, msMax }: Sent, left?: AbortSignal): Promise<T> {
  const late = AbortSignal.timeout(msMax)
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: left ? AbortSignal.any([late, left]) : late
  }).catch((err: unknown) => {
    throw refusedToConnect(err) ? unavailable(url, err) : unknownOutcome(err)
  })
  if (response.ok)
    return (await response.json().catch((err: unknown) => {
      throw unknownOutcome(err)
    })) as T
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  if (response.status >= 500) throw problem.code === 'UNAVAILABLE' ? unavailable(url) : unknownOutcome(problem)
  if (problem.code === undefined || MISDIRECTED.has(problem.code))
    throw new Error(`${url} answered ${response.status} to ${method} ${path}`)
  throw new Refusal(problem.code, response.status, problem.title ?? 'refused', problem.params ?? {})
}

/** Answers to a caller that is set up wrongly. They say nothing about what was asked for, so they must not be taken for a rule's no. */
const MISDIRECTED = new Set(['NOT_ALLOWED', 'NO_SUCH_PAGE'])

function refusedToConnect(err: unknown): boolean {
  const { cause } = err as { cause?: { code?: string } }
  return cause?.code === 'ECONNREFUSED' || cause?.code === 'UND_ERR_CONNECT_TIMEOUT'
}
