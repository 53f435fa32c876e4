import { setTimeout as sleep } from 'node:timers/promises'

/** What the service took from a plan, and what it passed over. */
export interface PlanReport {
  planCode: string
  name: string
  sections: number
  seats: number
  ignored: string[]
}

/** The service said no, and why: its problem+json. */
export interface Refused {
  code: string
  title: string
  params: Record<string, unknown>
}

export type Answer<T> = { taken: T } | { refused: Refused }

export interface Operator {
  putPlan: (code: string, file: string | Buffer) => Promise<Answer<PlanReport>>
  putShow: (code: string, show: unknown) => Promise<Answer<{ showId: number; seats: number; places: number }>>
  putBlock: (showCode: string, blockCode: string, block: unknown) => Promise<Answer<{ seatNos: number[] }>>
}

const ANSWER_MS_MAX = 60_000 // a stadium is 50,000 rows
const TRIES_MAX = 5
const PAUSE_MS = 1_000

/**
 * The doors through which a manager puts plans and shows into the shop. The same
 * file again changes nothing, so what got no answer is sent again.
 */
export function operatorDoors(reservationUrl: string, token: string): Operator {
  return {
    putPlan: (code, file) => put(`/seating-plans/${encodeURIComponent(code)}`, file),
    putShow: (code, show) => put(`/shows/${encodeURIComponent(code)}`, JSON.stringify(show)),
    putBlock: (showCode, blockCode, block) =>
      put(`/shows/${encodeURIComponent(showCode)}/blocks/${encodeURIComponent(blockCode)}`, JSON.stringify(block))
  }

  async function put<T>(path: string, body: string | Buffer, tries = 1): Promise<Answer<T>> {
    const response = await fetch(`${reservationUrl}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX)
    }).catch((err: unknown) => err as Error)
    if (!(response instanceof Error) && response.ok) return { taken: (await response.json()) as T }
    if (!(response instanceof Error) && response.status < 500) return { refused: (await response.json()) as Refused }
    if (tries === TRIES_MAX) throw new Error(`${path} got no answer: ${response instanceof Error ? response.message : response.status}`)
    await sleep(PAUSE_MS)
    return put(path, body, tries + 1)
  }
}
