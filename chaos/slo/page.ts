import type { Bundle } from './bundles.ts'
import type { Claim, Objective } from './definitions.ts'
import type { Figures } from './figures-file.ts'
import type { Figure } from './judge.ts'
import { evidencePart, limitsPart, verifyPart } from './page-evidence.ts'
import { objectivePart } from './page-objective.ts'
import type { Signed } from './signature.ts'
import { countText, row, table, verdictText } from './words.ts'

/** Everything that SLO.md is written from. */
export interface Account {
  objectives: Objective[]
  bundles: Bundle[]
  figures: Figures
  /** Of the raw history of each series, by its name. */
  sha256Of: (bundle: string) => string
  signed: Signed
}

/** SLO.md. The same for the same evidence. */
export function sloPage(account: Account): string {
  return `${[
    '# Service levels',
    '',
    ...opening(account),
    '',
    ...summary(account),
    '',
    ...withoutBudget(account.figures),
    ...account.objectives.flatMap((objective) => ['', ...objectivePart(objective, account.figures)]),
    '',
    ...limitsPart(account),
    '',
    ...evidencePart(account),
    '',
    ...verifyPart(account.signed)
  ].join('\n')}\n`
}

function opening({ figures: { bundles, claims }, signed }: Account): string[] {
  const sum = (of: (bundle: Figures['bundles'][number]) => number) => bundles.reduce((total, bundle) => total + of(bundle), 0)
  const n = (verdict: Figure['verdict']) => claims.filter((claim) => claim.verdict === verdict).length
  return [
    'What TicketFlow promises, what was measured, and what that proves. No figure here was typed: `npm run slo` writes this page from the',
    'raw events in [docs/slo/evidence](docs/slo/evidence) and the definitions in [docs/slo](docs/slo) (OpenSLO v1), and',
    '`npm run verify-slo` reckons every figure again with a program that shares no code with the first.',
    '',
    bundles.length === 0
      ? '**There is no evidence yet, so nothing is measured.** What is not measured is never called kept.'
      : `Behind it are ${countText(bundles.length)} series with ${countText(sum(({ runs }) => runs))} runs, ${countText(sum(({ entries }) => entries))} lines written down by buyers and ${countText(sum(({ acknowledged }) => acknowledged))} orders that somebody was told of.`,
    '',
    `Of ${claims.length} claims: **${n('yes')} kept, ${n('so far')} kept so far, ${n('no')} not kept, ${n('unmeasured')} unmeasured**.`,
    '',
    `Signed by ${signed.by} on ${signed.at}.`
  ]
}

/** One line for each pair of a promise and an aim, so that both are read at once. */
function summary({ objectives, figures }: Account): string[] {
  const figureOf = (claim: Claim | undefined) => figures.claims.find((figure) => figure.claim === claim?.name)
  const rows = objectives.flatMap(({ id, claims }) => {
    const of = (kind: Claim['kind']) => claims.filter((claim) => claim.kind === kind)
    const [promises, aims] = [of('promise'), of('aim')]
    return Array.from({ length: Math.max(promises.length, aims.length) }, (_, i) =>
      row(i === 0 ? `[${id}](#${id})` : '', ...cells(promises[i], figureOf(promises[i])), ...cells(aims[i], figureOf(aims[i])))
    )
  })
  return [
    ...table(['objective', 'promise', 'measured', 'kept', 'our aim', 'measured', 'reached'], rows),
    '',
    '*So far*: nothing that was seen breaks it, but too little was seen to exclude with 95 % confidence that it is broken, or one of its series',
    'is missing. A claim that allows none is called kept once fewer than 1 % can be bad. *Unmeasured*: there is no evidence. *Bad* is a 5xx, a',
    'timeout and an outcome that nobody learned; a correct refusal (409) is good.'
  ]
}

function cells(claim: Claim | undefined, figure: Figure | undefined): string[] {
  if (!claim || !figure) return ['', '', '']
  return [claim.says, figure.verdict === 'unmeasured' ? '–' : figure.measured, verdictText(figure.verdict)]
}

/** A seat sold twice cannot be made good by a thousand that were not. */
function withoutBudget({ bundles }: Figures): string[] {
  const sum = (of: (bundle: Figures['bundles'][number]) => number) => countText(bundles.reduce((total, bundle) => total + of(bundle), 0))
  const bad = bundles.filter(({ holds }) => !holds)
  return [
    '**Without a budget.** A seat sold twice or a sale that was lost cannot be made good by others that were not:',
    '',
    ...table(
      ['>orders that a buyer was told of', '>of them lost', '>seats told to two buyers', '>series that broke a promise of theirs'],
      bundles.length === 0
        ? [row('unmeasured', 'unmeasured', 'unmeasured', 'unmeasured')]
        : [
            row(
              sum(({ acknowledged }) => acknowledged),
              sum(({ lost }) => lost),
              sum(({ doubled }) => doubled),
              `${bad.length} of ${bundles.length}`
            )
          ]
    ),
    ...(bad.length === 0
      ? []
      : ['', `Broken, and counted all the same: ${bad.map(({ name, violations }) => `${name} (${violations})`).join(', ')}.`])
  ]
}
