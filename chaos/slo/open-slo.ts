import { type Static, Type } from 'typebox'

const Scenarios = Type.Array(Type.String(), { minItems: 1 })
const Ops = Type.Array(Type.Union(['hold', 'sale', 'purchase', 'read', 'page'].map((op) => Type.Literal(op as 'hold'))), { minItems: 1 })
/** What ends the time in which nothing succeeds: answers to buyers, or documents. */
const Successes = Type.Union([Ops, Type.Literal('documents')])
const shape = { additionalProperties: false } as const

/** What is read from the evidence: one thing for each command, order, run or series. */
export const Measured = Type.Union([
  Type.Object(
    {
      measure: Type.Literal('answers'),
      ops: Ops,
      scenarios: Scenarios,
      /** Only what is asked for the first time between these moments of a run counts. */
      sent: Type.Optional(Type.Tuple([Type.Literal('struck'), Type.Literal('healed')]))
    },
    shape
  ),
  Type.Object(
    {
      measure: Type.Literal('requests'),
      ops: Ops,
      scenarios: Scenarios,
      /** In runs of these, what was under way between the fault and everything being as before does not count. */
      outside: Type.Optional(Scenarios)
    },
    shape
  ),
  Type.Object({ measure: Type.Literal('documents'), scenarios: Scenarios }, shape),
  Type.Object({ measure: Type.Literal('incidents'), successes: Successes, scenarios: Scenarios }, shape),
  Type.Object(
    { measure: Type.Literal('downtime'), successes: Successes, faultsPerWindow: Type.Integer({ minimum: 1 }), scenarios: Scenarios },
    shape
  ),
  Type.Object(
    {
      measure: Type.Literal('messages'),
      until: Type.Union([Type.Literal('publishedAt'), Type.Literal('issuedAt')]),
      scenarios: Scenarios
    },
    shape
  ),
  Type.Object(
    { measure: Type.Literal('drain'), backlogMin: Type.Integer({ minimum: 2 }), said: Type.String(), scenarios: Scenarios },
    shape
  )
])
export type Measure = Static<typeof Measured>

const Metadata = {
  name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }),
  displayName: Type.String(),
  annotations: Type.Optional(Type.Record(Type.String(), Type.String()))
}
const Description = Type.String({ maxLength: 1_050 })
const ApiVersion = Type.Literal('openslo/v1')

const Metric = Type.Object({ metricSource: Type.Object({ metricSourceRef: Type.Literal('chaos-evidence'), spec: Type.Unknown() }) })

/** An indicator that is reckoned from evidence. */
export const Sli = Type.Object({
  apiVersion: ApiVersion,
  kind: Type.Literal('SLI'),
  metadata: Type.Object(Metadata),
  spec: Type.Object({
    description: Description,
    thresholdMetric: Type.Optional(Metric),
    ratioMetric: Type.Optional(Type.Object({ counter: Type.Boolean(), good: Metric, total: Metric }))
  })
})
export type Sli = Static<typeof Sli>

const Query = Type.Object({
  metricSource: Type.Object({ metricSourceRef: Type.Literal('prometheus'), spec: Type.Object({ query: Type.String() }) })
})

/** An indicator that Prometheus reckons from what the processes export. */
export const Production = Type.Object({
  apiVersion: ApiVersion,
  kind: Type.Literal('SLI'),
  metadata: Type.Object(Metadata),
  spec: Type.Object({
    description: Description,
    ratioMetric: Type.Object({ good: Type.Optional(Query), bad: Type.Optional(Query), total: Query })
  })
})
export type Production = Static<typeof Production>

/** One claim: the format allows one objective where a value is compared. */
export const Slo = Type.Object({
  apiVersion: ApiVersion,
  kind: Type.Literal('SLO'),
  metadata: Type.Object({
    ...Metadata,
    labels: Type.Object({ objective: Type.String(), kind: Type.Union([Type.Literal('promise'), Type.Literal('aim')]) })
  }),
  spec: Type.Object({
    description: Type.Optional(Description),
    service: Type.String(),
    indicatorRef: Type.String(),
    timeWindow: Type.Array(Type.Object({ duration: Type.String({ pattern: '^[0-9]+d$' }), isRolling: Type.Literal(true) }), {
      minItems: 1,
      maxItems: 1
    }),
    budgetingMethod: Type.Union([Type.Literal('Occurrences'), Type.Literal('Timeslices')]),
    objectives: Type.Array(
      Type.Object({
        displayName: Type.String(),
        op: Type.Optional(Type.Union([Type.Literal('lt'), Type.Literal('gte')])),
        value: Type.Optional(Type.Number()),
        target: Type.Number({ minimum: 0, exclusiveMaximum: 1 }),
        timeSliceTarget: Type.Optional(Type.Number()),
        timeSliceWindow: Type.Optional(Type.String())
      }),
      { minItems: 1, maxItems: 1 }
    )
  })
})
export type Slo = Static<typeof Slo>
