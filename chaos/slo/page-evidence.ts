import type { Bundle } from './bundles.ts'
import type { Account } from './page.ts'
import type { Signed } from './signature.ts'
import { countText, row, table } from './words.ts'

const COMMIT_CHARS = 12
const SHA_CHARS = 16
const GIB = 1024 ** 3

/** What nobody should read into these figures. */
export function limitsPart({ bundles, figures }: Pick<Account, 'bundles' | 'figures'>): string[] {
  const commits = new Set(bundles.map(({ result }) => result.made.commit))
  const runs = figures.incidents.map(({ scenario, runs }) => `${scenario} ${runs}`)
  return [
    '## Limits of the method',
    '',
    '- **kill -9 is not a power cut.** The kernel keeps what a killed process wrote. That commits reach the disk is set (fsync is on), not shown here.',
    '- **One machine is one disk and one kernel.** Nodes are processes with addresses of their own; what hits the whole machine hits all of them.',
    '- **The load is made.** Buyers come at fixed times whatever they are answered, on the machine that also serves them, so that both share its processors.',
    '- **Availability is a projection.** A time slice of an experiment that does a fault every few seconds says nothing about a month. So what one fault costs at worst is measured, and multiplied by a rate of faults that is named (one a day). Faults of other kinds, upgrades and mistakes of people are not in it.',
    '- **The window of 30 days exists in production only.** Here the window is everything that is kept.',
    '- **Few runs prove little.** Below a hundred things there is no 99th percentile, only a longest; with no bad one among N, fewer than 3/N are bad with 95 % confidence.',
    `- **Runs behind the incidents**: ${runs.length === 0 ? 'none yet' : runs.join(', ')}.`,
    '- **What is compared with others** was measured on a machine of the same kind, two to three runs each, with eight writers on PostgreSQL 15: Patroni strictly synchronous (ttl 20 s, loop 1 s, retry 3 s), pg_auto_failover with its delays at 3 s.',
    '- **Clocks.** What buyers lived through is told by one monotonic clock, which nobody sets, read by the process that asks. From the sale to its documents, the databases tell the time of day; all of them read the same machine.',
    '- **What is not kept is not seen.** Every series of a commit that is reported has to be kept, the broken ones first of all; nothing here can prove that it was.',
    `- **Missing is not good.** What has no series is unmeasured.${commits.size > 1 ? ` The series come from ${commits.size} commits.` : ''}`
  ]
}

export function evidencePart({ bundles, sha256Of }: Account): string[] {
  return [
    '## Evidence',
    '',
    ...(bundles.length === 0
      ? ['None is kept yet.']
      : table(
          ['series', '>seed', '>runs', 'commit', 'from', 'to (UTC)', 'machine', '>lines', 'holds', 'sha256 of the history'],
          bundles.map((bundle) => evidenceRow(bundle, sha256Of))
        )),
    '',
    'Of every series: `history.jsonl.gz` (what buyers asked and were told), `timeline.jsonl.gz` (what was done to the shop), `papers.jsonl.gz`',
    '(when the documents of each order came), `result.json` and `report.html`. How they come about: [docs/chaos.md](docs/chaos.md). Earlier states',
    'of this page, with their evidence, are in the history of the repository.'
  ]
}

function evidenceRow({ name, result, history }: Bundle, sha256Of: Account['sha256Of']): string {
  const { commit, cpus, memoryBytes, kernel, node, beganAt, endedAt } = result.made
  return row(
    `[${name}](docs/slo/evidence/${name}/report.html)`,
    result.seed,
    result.runs,
    `\`${commit.slice(0, COMMIT_CHARS)}\``,
    beganAt.slice(0, 19),
    endedAt.slice(0, 19),
    `${cpus} processors, ${Math.round(memoryBytes / GIB)} GiB, Linux ${kernel}, Node ${node}`,
    countText(history.length),
    result.holds ? 'yes' : `**no** (${result.violations.length})`,
    `\`${sha256Of(name).slice(0, SHA_CHARS)}\``
  )
}

export function verifyPart({ by, at, fingerprint }: Signed): string[] {
  return [
    '## Verify',
    '',
    '```sh',
    'npm run verify-slo                                   # all of it; exit code 0 only when everything agrees',
    'sha256sum -c docs/slo/evidence/SHA256SUMS            # the files, with what every machine has',
    'openssl pkeyutl -verify -pubin -inkey docs/slo/signer.pem -rawin \\',
    '  -in docs/slo/evidence/SHA256SUMS -sigfile docs/slo/evidence/SHA256SUMS.sig   # the signature (OpenSSL 3)',
    '```',
    '',
    `Signed by ${by} on ${at} with the Ed25519 key [docs/slo/signer.pem](docs/slo/signer.pem), sha256 \`${fingerprint}\`. The verifier is one file,`,
    '[docs/slo/verify.mjs](docs/slo/verify.mjs): it needs Node and nothing else, reads the definitions and the raw events itself, and compares its',
    'figures with [docs/slo/figures.json](docs/slo/figures.json) and with this page.',
    '',
    '## Reproduce',
    '',
    '```sh',
    'git checkout COMMIT                                  # of the series, in the table above',
    'npm run chaos -- SERIES --seed SEED --runs RUNS      # the same fault at the same moments; times differ from machine to machine',
    'npm run slo -- keep artifacts/chaos/SERIES-SEED      # refuses what was not run, or was made from changed code',
    'npm run slo                                          # this page, the alerts, the manifest and its signature',
    '```'
  ]
}
