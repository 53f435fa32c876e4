import { findAccessible, mostAccessible } from './accessible-seats.ts'
import { groupAt, lookKept, lookOnce } from './groups.ts'
import { findNearest, freeRuns } from './nearest.ts'
import type { IsTaken, Point, Seating } from './seating.ts'
import { findApart } from './seats-apart.ts'

/** What a party wants without choosing. */
export interface Want {
  quantity: number
  category?: string
  sectionNo?: number
  /** How many of them are accessible seats; the others are companions of those. */
  accessible?: number
  /** True: in as few groups as can be, when they are not to be had together. Accessible seats and their companions stay together. */
  apart?: boolean
}

/**
 * The best seats for a party: side by side in one row, of one category, nearest
 * to the focus. In each section and category, groups that make no orphan come
 * before those that do; so an orphan is left only where no equal group of that
 * section would have made none. Accessible and companion seats are given only to
 * who asks for them. {@link avoidableOrphans} allows every answer.
 *
 * @returns Ascending seat numbers; undefined: there are no such seats.
 * @see docs/best-seats.md
 */
export function findBest(seating: Seating, isTaken: IsTaken, want: Want, focus: Point): number[] | undefined {
  if (want.quantity < 1) return undefined
  if (want.accessible) return findAccessible(seating, isTaken, { ...want, accessible: want.accessible }, focus)
  const look = want.apart ? lookKept(seating, isTaken) : lookOnce(seating, isTaken)
  const near = findNearest(seating, look, want, want.quantity, focus)
  if (near) return groupAt(seating, near.first, want.quantity)
  return want.apart ? findApart(seating, look, want, focus) : undefined
}

/** The most seats that are to be had together for this want, whatever quantity it says. */
export function mostTogether(seating: Seating, isTaken: IsTaken, want: Want): number {
  if (want.accessible) return mostAccessible(seating, isTaken, { ...want, accessible: want.accessible })
  return Math.max(0, ...freeRuns(seating, lookOnce(seating, isTaken), want).map((runs) => runs.findLastIndex((count) => count > 0)))
}
