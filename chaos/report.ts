import type { Result } from './result.ts'

const SHOWN_MAX = 40
const PERCENT = 100

/** What a series came to, for people. */
export function reportOf(result: Result): string {
  const { scenario, runs, notRun, holds, violations, outcomes, rtoMs, badRunsShareMax } = result
  if (notRun) return `  NOT RUN  ${scenario}: ${notRun}`
  const badMax = badRunsShareMax === null ? '' : `, bad runs below ${Math.round(badRunsShareMax * PERCENT)} % (95 %)`
  return [
    `  ${runs} runs${badMax}; ${result.acknowledged} acknowledged, ${outcomes.refused} refused, ${result.unknown} never known`,
    `  lost ${result.lost}, sold twice ${result.doubled}, phantoms ${result.phantoms}`,
    `  longest time without a success: median ${rtoMs.p50} ms, ${rtoMs.p99 === null ? '' : `p99 ${rtoMs.p99} ms, `}max ${rtoMs.max} ms; calm: max ${result.calmGapMs.max} ms`,
    `  longest time without a sale: median ${result.saleGapMs.p50} ms, max ${result.saleGapMs.max} ms`,
    `  whole again after: median ${result.wholeMs.p50} ms, max ${result.wholeMs.max} ms`,
    `  buyers: longest answer ${result.answerMsMax} ms, longest until known ${result.knownMsMax} ms, ${result.errorsSeenByBuyers} saw an error first`,
    `  seen: ${Object.entries(result.coverage)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ')}`,
    ...violations.slice(0, SHOWN_MAX).map((what) => `    - ${what}`),
    ...(violations.length > SHOWN_MAX ? [`    - and ${violations.length - SHOWN_MAX} more`] : []),
    `  ${holds ? 'holds ' : 'BROKEN'}  ${scenario} (${result.secondsPerRun} s per run; ${result.evidence})`
  ].join('\n')
}
