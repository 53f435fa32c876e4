import type { Bundle } from './bundles.ts'
import type { Objective } from './definitions.ts'
import { type Figure, judge } from './judge.ts'
import { doubledSeats, toldOrders } from './messages.ts'
import { type IncidentFigure, incidentFigures } from './spread-of-incidents.ts'

/** What can be seen of a series in its raw files alone. */
export interface BundleFigure {
  name: string
  scenario: string
  seed: number
  runs: number
  commit: string
  /** Lines that buyers wrote down. */
  entries: number
  /** Orders that a buyer was told of. */
  acknowledged: number
  /** And that are not in the books. */
  lost: number
  /** Seats that two buyers were told to be theirs. */
  doubled: number
  holds: boolean
  violations: number
}

/** Everything that SLO.md says in numbers, for machines: docs/slo/figures.json. */
export interface Figures {
  claims: Figure[]
  incidents: IncidentFigure[]
  bundles: BundleFigure[]
}

export function figuresOf(objectives: Objective[], bundles: Bundle[]): Figures {
  return {
    claims: objectives.flatMap(({ claims }) => claims.map((claim) => judge(claim, bundles))),
    incidents: incidentFigures(objectives, bundles),
    bundles: bundles.map(bundleFigure)
  }
}

function bundleFigure({ name, result, history, papers }: Bundle): BundleFigure {
  const told = toldOrders(history)
  const written = new Set(papers.map(({ orderId }) => orderId))
  return {
    name,
    scenario: result.scenario,
    seed: result.seed,
    runs: result.runs,
    commit: result.made.commit,
    entries: history.length,
    acknowledged: told.size,
    lost: [...told].filter((orderId) => !written.has(orderId)).length,
    doubled: doubledSeats(history).length,
    holds: result.holds,
    violations: result.violations.length
  }
}
