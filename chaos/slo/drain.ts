import type { Evidence } from '../evidence.ts'

/**
 * How fast a backlog was drained, as a share of what bare rendering gives on the
 * same machine. The backlog is what had been sold when documents came back, after
 * the longest time without any; its first PDF starts the clock, its last one stops it.
 *
 * @param said - How the series tells what bare rendering gives, in orders a second.
 * @returns Nothing for a series that shows nothing: too small a backlog, or no word of bare rendering.
 */
export function drainRatio(
  { papers, timeline }: Pick<Evidence, 'papers' | 'timeline'>,
  backlogMin: number,
  said: string
): number | undefined {
  const bare = Number(timeline.map(({ text = '' }) => new RegExp(said).exec(text)?.[1]).find((rate) => rate !== undefined))
  const rendered = papers
    .flatMap(({ soldAt, renderedAt }) => (renderedAt === null ? [] : [{ soldMs: Date.parse(soldAt), ms: Date.parse(renderedAt) }]))
    .toSorted((a, b) => a.ms - b.ms)
  const gaps = rendered.map(({ ms }, i) => ms - (rendered[i - 1]?.ms ?? rendered[0]!.soldMs))
  const fromMs = rendered[gaps.indexOf(gaps.reduce((longest, gap) => Math.max(longest, gap), 0))]?.ms ?? 0
  const backlog = rendered.filter(({ soldMs, ms }) => soldMs <= fromMs && ms >= fromMs)
  if (!(bare > 0) || backlog.length < backlogMin) return undefined
  const seconds = (backlog.at(-1)!.ms - fromMs) / 1_000
  return (backlog.length - 1) / seconds / bare
}
