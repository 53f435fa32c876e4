import { groupAt, type Look, middleOf, type Near, take } from './groups.ts'
import { findNearest, freeRuns, type Where } from './nearest.ts'
import type { Point, Seating } from './seating.ts'

/**
 * Seats of one category for a party that cannot sit together, in as few groups as
 * there can be of that price: each group as large as the longest run of free
 * seats still left, the first nearest to the focus, the others to the first.
 *
 * The fewest groups, exactly: every group but the last is a whole run and no run
 * is longer. For the same reason no orphan is made that could be avoided: a row
 * that gives more than one group has no run as long as what it gives.
 *
 * @param look - A kept one: what is found is marked as taken in it.
 * @returns Ascending seat numbers; undefined: no category has so many seats free.
 */
export function findApart(seating: Seating, look: Look, want: Where & { quantity: number }, focus: Point): number[] | undefined {
  const splits = freeRuns(seating, look, want)
    .map((runs, category) => ({ category, sizes: fewest(runs, want.quantity) }))
    .filter(({ sizes }) => sizes.length > 0)
  const groups = Math.min(...splits.map(({ sizes }) => sizes.length))
  const [nearest] = splits
    .filter(({ sizes }) => sizes.length === groups)
    .map(({ category, sizes }) => withFirst(seating, look, { ...want, category: seating.categories[category]! }, sizes, focus))
    .sort((a, b) => a.px2 - b.px2 || a.first.first - b.first.first)
  return nearest && placed(seating, look, nearest)
}

interface Split {
  where: Where
  sizes: number[]
  first: Near
  px2: number
}

/** Sizes of the groups, the largest first; none: there are not enough seats. */
function fewest(runs: Int32Array, quantity: number): number[] {
  const sizes: number[] = []
  let left = quantity
  for (let seats = runs.length - 1; seats > 0 && left > 0; seats--) {
    for (let run = 0; run < runs[seats]! && left > 0; run++) {
      sizes.push(Math.min(seats, left))
      left -= Math.min(seats, left)
    }
  }
  return left === 0 ? sizes : []
}

function withFirst(seating: Seating, look: Look, where: Where, sizes: number[], focus: Point): Split {
  const first = findNearest(seating, look, where, sizes[0]!, focus)!
  return { where, sizes, first, px2: first.far / sizes[0]! ** 2 }
}

function placed(seating: Seating, look: Look, { where, sizes, first }: Split): number[] {
  const middle = middleOf(seating, first.first, sizes[0]!)
  return sizes
    .flatMap((size, i) => {
      const group = i === 0 ? first : findNearest(seating, look, where, size, middle)!
      const row = seating.rowOf[group.first]!
      for (let place = group.first; place < group.first + size; place++) take(look(row), place - seating.starts[row]! + 1)
      return groupAt(seating, group.first, size)
    })
    .sort((a, b) => a - b)
}
