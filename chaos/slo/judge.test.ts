import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../../cluster/instance.ts'
import { type Claim, readObjectives } from './definitions.ts'
import { givenBundle, givenStory } from './given-bundles.ts'
import { judge, ranksOf } from './judge.ts'
import { FOLDER } from './manifest.ts'

const claims = readObjectives(join(ROOT, FOLDER)).flatMap(({ claims }) => claims)

t.test('what has no evidence is unmeasured, never good', async (t) => {
  for (const claim of claims) {
    const { verdict, total, measured } = judge(claim, [givenBundle({ scenario: 'something-else' })])

    t.strictSame([verdict, total, measured], ['unmeasured', 0, 'unmeasured'], claim.name)
  }
})

t.test('a share is kept when so many are good, and called so only when enough were seen', async (t) => {
  const of = (answerMs: number, runs: number) => judge(claimNamed('slo-latency-aim'), [rush(answerMs, runs)])

  t.equal(of(20, 1).verdict, 'so far')
  t.equal(of(20, 12).verdict, 'yes')
  t.equal(of(50, 12).verdict, 'no', 'below is below')
  t.equal(of(20, 12).badShareMax, Number((3 / of(20, 12).total).toFixed(6)))
})

t.test('one in a hundred may be over the limit of a 99th percentile, and two may not', async (t) => {
  const claim = claimNamed('slo-latency')
  const withSlow = (count: number) => ({
    ...rush(20, 1),
    history: [
      ...Array.from({ length: 100 - count }, (_, i) => givenStory('sale', `fast-${i}`, 2_500, 20)).flat(),
      ...Array.from({ length: count }, (_, i) => givenStory('sale', `slow-${i}`, 2_500, 400)).flat()
    ]
  })

  const [one, two] = [judge(claim, [withSlow(1)]), judge(claim, [withSlow(2)])]

  t.strictSame([one.total, one.bad, one.budget, one.verdict, one.p99, one.max], [100, 1, 1, 'so far', 20, 400])
  t.strictSame([two.bad, two.verdict, two.p99], [2, 'no', 400])
})

t.test('a single bad one breaks a claim that allows none', async (t) => {
  const claim = claimNamed('slo-broker-killed')
  const bundle = givenBundle({ scenario: 'broker-killed' })
  const lost = { ...bundle, papers: bundle.papers.with(3, { ...bundle.papers[3]!, issuedAt: null }) }

  t.equal(judge(claim, [bundle]).verdict, 'so far', 'forty orders prove little')
  t.match(judge(claim, [lost]), { verdict: 'no', bad: 1, measured: /^1 bad in 40/ })
})

t.test('a claim one of whose series is missing is kept so far at most', async (t) => {
  const claim = claimNamed('slo-receipts')
  const [noFault, onSale] = ['no-fault', 'on-sale'].map((scenario) => givenBundle({ scenario, runs: 3 }))

  t.match(judge(claim, [noFault!]), { verdict: 'so far', lacking: ['on-sale'] })
  t.match(judge(claim, [noFault!, onSale!]), { verdict: 'yes', lacking: [] })
})

t.test('availability is what is left when the longest incident comes as often as is named', async (t) => {
  const claim = claimNamed('slo-reservation')
  const of = (outageMs: number) => judge(claim, [givenBundle({ scenario: 'postgres-primary-killed', outageMs })])

  t.match(of(1_500), { total: 2_592_000, bad: 60, budget: 2_592, verdict: 'so far' })
  t.match(of(7_000).measured, /^99\.9907 % with 30 faults in 30 d, each as long as the longest \(7\.50 s\)$/)
  t.equal(judge({ ...claim, target: 0.999_99 }, [givenBundle({ scenario: 'postgres-primary-killed', outageMs: 7_000 })]).verdict, 'no')
})

t.test('few values have no far percentile', async (t) => {
  const values = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

  t.strictSame(ranksOf([]), { p50: null, p95: null, p99: null, max: null, min: null })
  t.strictSame(ranksOf(values(19)), { p50: 10, p95: null, p99: null, max: 19, min: 1 })
  t.strictSame(ranksOf(values(99)), { p50: 50, p95: 95, p99: null, max: 99, min: 1 })
  t.strictSame(ranksOf([...values(99), Number.POSITIVE_INFINITY]), { p50: 50, p95: 95, p99: 99, max: 'never', min: 1 })
})

function claimNamed(name: string): Claim {
  return claims.find((claim) => claim.name === name)!
}

function rush(answerMs: number, runs: number) {
  return givenBundle({ scenario: 'on-sale', answerMs, runs, faultMs: 7_000 })
}
