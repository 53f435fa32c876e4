import { alertGroups, requestsMin } from './alerts.ts'
import type { Claim, Objective } from './definitions.ts'
import type { Figures } from './figures-file.ts'
import type { Figure, Rank } from './judge.ts'
import { boundText, countText, msText, row, table, verdictText } from './words.ts'

const FASTEST_BURN = 14.4

/** One objective: who answers for it, what was measured, what is left of its budget, how it is defined. */
export function objectivePart(objective: Objective, figures: Figures): string[] {
  const { id, title, what, owner, exclusions, claims } = objective
  return [
    `## ${id}`,
    '',
    `**${title}.** ${what}`,
    '',
    `Owner: ${owner}. Window: 30 days, rolling, in production; all kept series here. Excluded, as stated beforehand: ${lower(exclusions)}.`,
    `Definition: [docs/slo/${id}.yaml](docs/slo/${id}.yaml).`,
    '',
    ...claimsPart(claims, figures),
    ...budgetPart(claims, figures),
    ...incidentsPart(objective, figures),
    ...definitionsPart(claims, figures),
    ...alertsPart(objective)
  ]
}

function claimsPart(claims: Claim[], { claims: figures }: Figures): string[] {
  const rows = claims.map((claim) => claimRow(claim, figures.find((figure) => figure.claim === claim.name)!))
  return table(['claim', '>counted', '>bad', '>may be bad', '>95 % sure: fewer than', '>p50', '>p95', '>p99', '>longest', 'kept'], rows)
}

/** The verifier writes the same line from its own figures. */
function claimRow({ limit }: Claim, { claim, total, bad, budget, badShareMax, p50, p95, p99, max, verdict }: Figure): string {
  const rank = limit?.op === 'gte' ? (ratio: Rank) => String(ratio ?? '–') : msText
  const counts = [total, bad, budget].map(countText)
  return row(claim, ...counts, boundText(badShareMax), ...[p50, p95, p99, max].map(rank), verdictText(verdict))
}

/** What a promise allows to go wrong, and what of that went wrong. */
function budgetPart(claims: Claim[], { claims: figures }: Figures): string[] {
  const rows = claims.flatMap((claim) => {
    const { total, bad, budget, max } = figures.find((figure) => figure.claim === claim.name)!
    if (claim.kind !== 'promise' || claim.every || total === 0) return []
    const isTime = claim.indicator.measure.measure === 'downtime'
    const text = (count: number) => (isTime ? `${countText(count)} s` : countText(count))
    const left = Math.max(0, budget - bad)
    const bears = isTime && typeof max === 'number' ? countText(Math.floor(budget / Math.max(1, Math.ceil(max / 1_000)))) : '–'
    return [row(claim.name, ...[budget, bad, left].map(text), bears)]
  })
  if (rows.length === 0) return []
  return ['', '**Error budget**', '', ...table(['promise', '>start', '>spent', '>left', '>longest incidents it bears in 30 days'], rows)]
}

function incidentsPart({ id, claims }: Objective, { incidents }: Figures): string[] {
  const mine = incidents.filter(({ objective }) => objective === id)
  if (mine.length === 0) return []
  const compare = claims.flatMap(({ compare }) => (compare ? [`For comparison: ${compare}.`] : []))
  return [
    '',
    '**Incidents**: every run of a series with a fault is one.',
    '',
    ...table(
      ['fault', '>runs', '>p50', '>p99', '>longest'],
      mine.map(({ scenario, runs, p50, p99, max }) => row(scenario, countText(runs), ...[p50, p99, max].map(msText)))
    ),
    '',
    'The worst:',
    '',
    ...mine.flatMap(({ scenario, worst }) =>
      worst.map(({ bundle, run, at, ms }) => `- ${scenario}: ${msText(ms)} in run ${run} of ${bundle}, ${at}`)
    ),
    ...(compare.length === 0 ? [] : ['', ...compare])
  ]
}

function definitionsPart(claims: Claim[], { claims: figures }: Figures): string[] {
  const lacking = new Set(figures.filter(({ claim }) => claims.some(({ name }) => name === claim)).flatMap(({ lacking }) => lacking))
  const indicators = [...new Map(claims.map(({ indicator }) => [indicator.name, indicator])).values()]
  return [
    '',
    '**What is claimed**',
    '',
    ...claims.map(
      ({ name, kind, says, indicator }) => `- \`${name}\` (${kind === 'aim' ? 'our aim' : kind}): ${says}, by \`${indicator.name}\`.`
    ),
    '',
    '**What is counted**',
    '',
    ...indicators.flatMap(({ name, says, what, numerator, denominator, measure }) => [
      `- \`${name}\`: ${says}. ${what}`,
      `  - *Good*: ${numerator}.`,
      `  - *Of*: ${denominator}.`,
      `  - *From the series*: ${measure.scenarios.map((scenario) => (lacking.has(scenario) ? `${scenario} (none is kept)` : scenario)).join(', ')}.`
    ])
  ]
}

function alertsPart(objective: Objective): string[] {
  const names = alertGroups([objective]).flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []))
  if (names.length === 0) return ['', `No alert in production: ${lower(objective.noAlert ?? '')}.`]
  const claim = objective.claims.find(({ production }) => production)!
  const { says, what } = claim.production!
  return [
    '',
    `In production: ${says}. ${what}`,
    `Alerts ([docs/slo/alerts.yaml](docs/slo/alerts.yaml)): ${names.map((name) => `\`${name}\``).join(', ')}. Below ${countText(requestsMin(claim, FASTEST_BURN))} requests an hour a single bad one burns faster than ${FASTEST_BURN} times: such an hour says little.`
  ]
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
