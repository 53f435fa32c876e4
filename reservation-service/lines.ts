/** Who waits, in one line per show. */
export interface Lines<One> {
  count: () => number
  countOf: (showId: number) => number
  add: (one: One) => void
  /** To the front of their lines, in the order they have: they were let in once. */
  putBack: (ones: One[]) => void
  /** One of each show that waits, then another of each, until there are enough. Shows that are left go to the end. */
  take: (max: number, isBusy: (showId: number) => boolean) => One[]
  /** Takes out those at the front of which `isOver` holds. */
  takeWhile: (isOver: (one: One) => boolean) => One[]
}

export function openLines<One extends { showId: number }>(): Lines<One> {
  const lines = new Map<number, One[]>()
  let count = 0
  return { count: () => count, countOf: (showId) => lines.get(showId)?.length ?? 0, add, putBack, take, takeWhile }

  function add(one: One): void {
    lineOf(one.showId).push(one)
    count++
  }

  function putBack(ones: One[]): void {
    for (const one of ones.toReversed()) lineOf(one.showId).unshift(one)
    count += ones.length
  }

  function take(max: number, isBusy: (showId: number) => boolean): One[] {
    const open = [...lines].filter(([showId]) => !isBusy(showId))
    const taken: One[] = []
    for (let round = 0, before = -1; taken.length < max && taken.length > before; round++) {
      before = taken.length
      for (const [, line] of open) if (line[round] && taken.length < max) taken.push(line[round]!)
    }
    for (const [showId, ones] of Map.groupBy(taken, ({ showId }) => showId)) shorten(showId, ones.length)
    return taken
  }

  function takeWhile(isOver: (one: One) => boolean): One[] {
    return [...lines].flatMap(([showId, line]) => {
      const staying = line.findIndex((one) => !isOver(one))
      const over = staying < 0 ? line : line.slice(0, staying)
      if (over.length > 0) shorten(showId, over.length)
      return over
    })
  }

  function lineOf(showId: number): One[] {
    const known = lines.get(showId)
    if (known) return known
    const made: One[] = []
    lines.set(showId, made)
    return made
  }

  function shorten(showId: number, by: number): void {
    const rest = lines.get(showId)!.slice(by)
    lines.delete(showId)
    if (rest.length > 0) lines.set(showId, rest)
    count -= by
  }
}
