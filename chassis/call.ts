import { isUnavailable, isUnknown, Refusal, unavailable, unknownOutcome } from './errors.ts'
import type { Problem } from './problem.ts'

/** What one try may take of the whole, so that a silent instance leaves time for the next one. */
const TRY_SHARE = 0.7

export interface Peer {
  /** One request to one of the peer's instances, and to the next one when that one does not answer. Only for what may be repeated. */
  call: <T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<T>
}

/**
 * A service of ours on the other side of a wire. Every command carries an id of
 * its caller's, so a request that got no answer is sent again, to the next
 * instance, until the deadline.
 *
 * @param urls - Every instance, with commas between.
 * @param msMax - The deadline of a whole call, all its tries included.
 * @throws Refusal what the peer refused; `unavailable` when nothing was sent;
 *   an unknown outcome when something was sent and no answer came; any other error is ours.
 */
export function peer(urls: string, token: string, msMax: number): Peer {
  const instances = urls.split(',')
  let next = 0

  return { call }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const deadline = performance.now() + msMax
    let failure: unknown
    for (let tries = 0; tries < instances.length + 1; tries++) {
      const left = deadline - performance.now()
      if (left <= 0) break
      const url = instances[next++ % instances.length] as string
      try {
        return await ask<T>(url, token, method, path, body, Math.ceil(Math.min(left, msMax * TRY_SHARE)))
      } catch (err) {
        if (!isUnknown(err) && !isUnavailable(err)) throw err
        if (!isUnknown(failure)) failure = err
      }
    }
    throw failure ?? unavailable(path)
  }
}

async function ask<T>(url: string, token: string, method: string, path: string, body: unknown, msMax: number): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(msMax)
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
