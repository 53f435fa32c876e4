import { answersMs } from './answers.ts'
import { type Bundle, ofScenarios } from './bundles.ts'
import { documentsMs } from './documents.ts'
import { drainRatio } from './drain.ts'
import { incidentsIn } from './incidents.ts'
import { messageLosses } from './messages.ts'
import type { Measure } from './open-slo.ts'
import { requestErrors } from './requests.ts'
import { runsIn } from './runs.ts'

/**
 * One number for each thing that is measured: milliseconds, a ratio, or 0 and
 * infinity for good and bad. Nothing at all where there is no evidence.
 */
export function valuesOf(measure: Measure, bundles: Bundle[]): number[] {
  return ofScenarios(bundles, measure.scenarios).flatMap((bundle) => valuesIn(measure, bundle))
}

function valuesIn(measure: Measure, bundle: Bundle): number[] {
  const { history, papers, timeline, result } = bundle
  switch (measure.measure) {
    case 'answers':
      return answersMs(history, measure.ops, measure.sent && runsIn(timeline))
    case 'requests':
      return requestErrors(history, measure.ops, measure.outside?.includes(result.scenario) ? runsIn(timeline) : [])
    case 'documents':
      return documentsMs(papers)
    case 'incidents':
    case 'downtime':
      return incidentsIn(bundle, measure.successes).map(({ ms }) => ms)
    case 'messages':
      return messageLosses(history, papers, measure.until)
    case 'drain': {
      const ratio = drainRatio(bundle, measure.backlogMin, measure.said)
      return ratio === undefined ? [] : [ratio]
    }
  }
}
