import type { Entry, Op } from '../history.ts'
import type { RunMoments } from './runs.ts'

/**
 * Each request by itself: 0 when it was told yes or no, infinite when it got an
 * error, no answer, or one that leaves it open.
 *
 * @param outside - Runs whose time between the fault and everything being as before does not count.
 */
export function requestErrors(history: readonly Entry[], ops: readonly Op[], outside: RunMoments[] = []): number[] {
  const asked = history.filter(({ op }) => ops.includes(op))
  const requests = Map.groupBy(asked, ({ op, key, try: nth }) => `${op} ${key} ${nth}`)
  return [...requests.values()].flatMap((said) => {
    const sent = said[0]!
    const answer = said.find(({ type }) => type !== 'invoke')
    if (sent.type !== 'invoke') return [] // it was sent before this series began
    const endMs = answer?.atMs ?? Number.POSITIVE_INFINITY
    if (outside.some(({ struck, whole }) => sent.atMs <= whole.atMs && endMs >= struck.atMs)) return []
    return [answer && answer.type !== 'unknown' ? 0 : Number.POSITIVE_INFINITY]
  })
}
