import { stringify } from 'yaml'
import type { Claim, InProduction, Objective } from './definitions.ts'

const HEAD = `# Written by "npm run slo" from the definitions beside it; a test fails when it differs.
# Two windows each: the long one says that it matters, the short one that it is still so (SRE Workbook, chapter 5).
`
const WINDOWS = [
  { burn: 14.4, long: '1h', short: '5m', severity: 'page', name: 'Fast' },
  { burn: 6, long: '6h', short: '30m', severity: 'page', name: 'Steadily' },
  { burn: 1, long: '3d', short: '6h', severity: 'ticket', name: 'Slowly' }
] as const
/** What the windows need, shortest first. */
const RECORDED = ['5m', '30m', '1h', '6h', '3d'] as const
const SECONDS = { '5m': 300, '30m': 1_800, '1h': 3_600, '6h': 21_600, '3d': 259_200 } as const
const ABSENT_FOR = '5m'

type Window = (typeof RECORDED)[number]

export interface Rule {
  record?: string
  alert?: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations?: Record<string, string>
}

export interface Group {
  name: string
  rules: Rule[]
}

/** Alerts that tell when a budget burns too fast; an objective whose figures nobody exports has none. */
export function alertGroups(objectives: Objective[]): Group[] {
  return objectives.flatMap((objective) =>
    objective.claims.flatMap((claim) =>
      claim.production ? [{ name: claim.name, rules: rulesOf(objective, claim, claim.production) }] : []
    )
  )
}

export function alertsFile(objectives: Objective[]): string {
  return HEAD + stringify({ groups: alertGroups(objectives) }, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Below so many requests in the window, a single bad one is faster than the limit. */
export function requestsMin({ target }: Claim, burn: number): number {
  return Math.ceil(1 / (burn * budgetOf(target)) - 1e-9)
}

function rulesOf({ id, title, owner }: Objective, claim: Claim, production: InProduction): Rule[] {
  const slo = claim.name
  const labels = { slo, objective: id }
  const recorded = RECORDED.map((window) => ({ record: recordOf(window), expr: badShare(production, window), labels }))
  const limit = (burn: number) => `${burn} * ${budgetOf(claim.target)}`
  const alerts = WINDOWS.map(({ burn, long, short, severity, name }) => ({
    alert: `${camel(slo)}Burns${name}`,
    expr: [long, short].map((window) => `${recordOf(window)}{slo="${slo}"} > ${limit(burn)}`).join(' and '),
    labels: { ...labels, severity },
    annotations: {
      summary:
        burn > 1 ? `${title}: the budget of 30 days burns ${burn} times too fast` : `${title}: the budget will not last for its 30 days`,
      description: `${claim.says}. For ${owner}. See SLO.md, ${id}.`
    }
  }))
  return [...recorded, ...alerts, quiet(claim, production, labels, title), silent(claim, production, labels, title)]
}

/** A share of few says little: whoever is paged should know. */
function quiet(claim: Claim, { total }: InProduction, labels: Record<string, string>, title: string): Rule {
  const [{ burn, long }] = WINDOWS
  const min = requestsMin(claim, burn)
  return {
    alert: `${camel(claim.name)}TooQuiet`,
    expr: `${within(total, long)} * ${SECONDS[long]} < ${min}`,
    for: '1h',
    labels: { ...labels, severity: 'info' },
    annotations: {
      summary: `${title}: fewer than ${min} requests in ${long}, so that a single bad one would page. Read burn rates with care.`
    }
  }
}

/** Who is dead counts nothing, and what is not counted does not burn. */
function silent(claim: Claim, { total }: InProduction, labels: Record<string, string>, title: string): Rule {
  return {
    alert: `${camel(claim.name)}Silent`,
    expr: `absent(${within(total, '5m')})`,
    for: ABSENT_FOR,
    labels: { ...labels, severity: 'page' },
    annotations: { summary: `${title}: nobody exports what this objective is measured by` }
  }
}

function badShare({ good, bad, total }: InProduction, window: Window): string {
  return bad === undefined
    ? `1 - (${within(good!, window)} / ${within(total, window)})`
    : `(${within(bad, window)} or 0 * ${within(total, window)}) / ${within(total, window)}`
}

function within(query: string, window: Window): string {
  return query.replaceAll('WINDOW', window)
}

function recordOf(window: Window): string {
  return `ticketflow:slo_bad_share:${window}`
}

function budgetOf(target: number): number {
  return Number((1 - target).toFixed(9))
}

function camel(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase())
}
