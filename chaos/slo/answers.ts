import type { Entry, Op } from '../history.ts'

/**
 * How long each buyer waited to know, from the first time they asked to the
 * first yes or no; for ever where nobody told them. What is asked once more by
 * somebody who knows is not counted.
 */
export function answersMs(history: readonly Entry[], ops: readonly Op[]): number[] {
  const asked = history.filter(({ op, again }) => ops.includes(op) && !again)
  return [...Map.groupBy(asked, ({ op, key }) => `${op} ${key}`).values()].flatMap((said) => {
    const [first] = said
    if (first!.type !== 'invoke') return [] // it was asked before this series began
    const told = said.find(({ type }) => type === 'ok' || type === 'refused')
    return [told ? told.atMs - first!.atMs : Number.POSITIVE_INFINITY]
  })
}
