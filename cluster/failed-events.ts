import type { Answer, Refused } from './operator.ts'

/** What waits for a person in issuing, and what waits behind it. */
export interface Registers {
  failed: Array<{
    eventId: string
    type: string | null
    orderId: string | null
    reason: string
    times: number
    failedAt: string
    onHold: number
  }>
  held: Array<{ eventId: string; type: string | null; orderId: string; sequence: number; last: number; heldAt: string }>
  failedInAll: number
  heldInAll: number
}

export interface Decided {
  eventId: string
  state: 'done' | 'held' | 'discarded'
  followed: string[]
}

export interface FailedEvents {
  list: () => Promise<Registers>
  retry: (eventId: string) => Promise<Answer<Decided>>
  discard: (eventId: string, decision: { by: string; reason: string }) => Promise<Answer<Decided>>
}

const ANSWER_MS_MAX = 60_000 // what waited behind an event is done within the answer

/** The doors to the failed register. The same decision again changes nothing, so what got no answer is sent to the next instance. */
export function failedEvents(issueUrls: string[], token: string): FailedEvents {
  return {
    list: async () => {
      const answer = await ask<Registers>('GET', '')
      if ('refused' in answer) throw new Error(answer.refused.title)
      return answer.taken
    },
    retry: (eventId) => ask('POST', `/${encodeURIComponent(eventId)}/retry`),
    discard: (eventId, decision) => ask('POST', `/${encodeURIComponent(eventId)}/discard`, decision)
  }

  async function ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const troubles: string[] = []
    for (const url of issueUrls) {
      const response = await fetch(`${url}/failed-events${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX)
      }).catch((err: unknown) => err as Error)
      if (!(response instanceof Error) && response.ok) return { taken: (await response.json()) as T }
      if (!(response instanceof Error) && response.status < 500) return { refused: (await response.json()) as Refused }
      troubles.push(`${url}: ${response instanceof Error ? response.message : response.status}`)
    }
    throw new Error(`nobody answers for what failed: ${troubles.join(', ')}`)
  }
}
