import type { Paper } from '../evidence.ts'

/** From each sale to the last PDF of its order; for ever where there was none when the series ended. */
export function documentsMs(papers: readonly Paper[]): number[] {
  return papers.map(({ soldAt, renderedAt }) =>
    renderedAt === null ? Number.POSITIVE_INFINITY : Date.parse(renderedAt) - Date.parse(soldAt)
  )
}
