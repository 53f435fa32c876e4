import type { Entry, Op } from '../history.ts'
import type { RunMoments } from './runs.ts'

/**
 * How long each buyer waited to know, from the first time they asked to the
 * first yes or no; for ever where nobody told them. What is asked once more by
 * somebody who knows is not counted.
 *
 * @param within - Runs of which only what is asked between the fault and its healing counts; absent: everything does.
 */
export function answersMs(history: readonly Entry[], ops: readonly Op[], within?: RunMoments[]): number[] {
  const asked = history.filter(({ op, again }) => ops.includes(op) && !again)
  return [...Map.groupBy(asked, ({ op, key }) => `${op} ${key}`).values()].flatMap((said) => {
    const [first] = said
    if (first!.type !== 'invoke') return [] // it was asked before this series began
    const isWithin = ({ struck, healed }: RunMoments) => first!.atMs >= struck.atMs && first!.atMs <= healed.atMs
    if (within && !within.some(isWithin)) return []
    const told = said.find(({ type }) => type === 'ok' || type === 'refused')
    return [told ? told.atMs - first!.atMs : Number.POSITIVE_INFINITY]
  })
}
