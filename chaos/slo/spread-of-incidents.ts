import { type Bundle, ofScenarios } from './bundles.ts'
import type { Objective } from './definitions.ts'
import { type Incident, incidentsIn, type Successes } from './incidents.ts'
import { type Rank, ranksOf } from './judge.ts'

const WORST_MAX = 3

/** One kind of fault, and what each time cost. */
export interface IncidentFigure {
  objective: string
  scenario: string
  successes: string
  runs: number
  p50: Rank
  p99: Rank
  max: Rank
  worst: Incident[]
}

/** Every kind of fault whose incidents an objective counts, once. */
export function incidentFigures(objectives: Objective[], bundles: Bundle[]): IncidentFigure[] {
  return objectives.flatMap(({ id, claims }) =>
    kindsIn(claims).flatMap(({ scenario, successes }) => {
      const mine = ofScenarios(bundles, [scenario])
      return mine.length === 0 ? [] : [figureOf(id, scenario, successes, mine)]
    })
  )
}

function figureOf(objective: string, scenario: string, successes: Successes, bundles: Bundle[]): IncidentFigure {
  const incidents = bundles.flatMap((bundle) => incidentsIn(bundle, successes)).toSorted((a, b) => a.ms - b.ms)
  const { p50, p99, max } = ranksOf(incidents.map(({ ms }) => ms))
  return {
    objective,
    scenario,
    successes: successes === 'documents' ? successes : successes.join(', '),
    runs: incidents.length,
    ...{ p50, p99, max },
    worst: incidents.slice(-WORST_MAX).reverse()
  }
}

function kindsIn(claims: Objective['claims']): Array<{ scenario: string; successes: Successes }> {
  const kinds = claims.flatMap(({ indicator: { measure } }) =>
    measure.measure === 'incidents' ? measure.scenarios.map((scenario) => ({ scenario, successes: measure.successes })) : []
  )
  return kinds.filter(({ scenario }, i) => kinds.findIndex((other) => other.scenario === scenario) === i)
}
