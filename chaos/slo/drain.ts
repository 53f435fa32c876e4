import type { Evidence } from '../evidence.ts'
import { runsIn } from './runs.ts'

/**
 * How fast a backlog was drained, as a share of what bare rendering gives on the
 * same machine. The backlog is what had been sold when the documents were let
 * go; the clock runs from there to its last PDF. Nothing is drained that is not drained in the end.
 *
 * @param said - How the series tells how many files its orders have, how many orders they are, and how many files a second bare rendering gives.
 * @returns Nothing for a series that shows nothing: too small a backlog, or no word of bare rendering.
 */
export function drainRatio(
  { papers, timeline }: Pick<Evidence, 'papers' | 'timeline'>,
  backlogMin: number,
  said: string
): number | undefined {
  const told = timeline.map(({ text = '' }) => new RegExp(said).exec(text)).find((match) => match !== null)
  const fromMs = Date.parse(runsIn(timeline)[0]?.struck.wall ?? '')
  const backlog = papers.filter(({ soldAt }) => Date.parse(soldAt) <= fromMs)
  if (!told || backlog.length < backlogMin) return undefined
  const [files, orders, bare] = told.slice(1).map(Number)
  const endMs = backlog.reduce(
    (last, { renderedAt }) => Math.max(last, renderedAt === null ? Number.POSITIVE_INFINITY : Date.parse(renderedAt)),
    0
  )
  return (backlog.length * files!) / orders! / ((endMs - fromMs) / 1_000) / bare!
}
