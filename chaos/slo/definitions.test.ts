import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { ROOT } from '../../cluster/instance.ts'
import { definitionFiles, objectivesIn, readObjectives } from './definitions.ts'
import { FOLDER } from './manifest.ts'

const IDS = ['slo-latency', 'slo-errors', 'slo-reservation', 'slo-receipts', 'slo-broker', 'slo-portal']
const objectives = readObjectives(join(ROOT, FOLDER))

t.test('every objective has an owner, exclusions stated beforehand, a promise and an aim', async (t) => {
  t.strictSame(
    objectives.map(({ id }) => id),
    IDS
  )
  for (const { id, owner, exclusions, what, claims } of objectives) {
    t.ok(owner && exclusions && what, id)
    t.strictSame([...new Set(claims.map(({ kind }) => kind))].toSorted(), ['aim', 'promise'], id)
    t.ok(
      claims.every(({ name, objective }) => objective === id && name.startsWith(id)),
      id
    )
  }
})

t.test('every claim says what is counted, of how many, and from which series', async (t) => {
  for (const { name, indicator, windowMs } of objectives.flatMap(({ claims }) => claims)) {
    t.ok(indicator.numerator && indicator.denominator && indicator.what && indicator.measure.scenarios.length > 0, name)
    t.equal(windowMs, 30 * 86_400_000, name)
  }
})

t.test('the promises and aims are those that were agreed', async (t) => {
  const agreed = Object.fromEntries(
    objectives.flatMap(({ claims }) =>
      claims.map(({ name, limit, target, every }) => [name, every ? ['every', limit?.value] : [target, limit?.value]])
    )
  )

  t.strictSame(agreed, {
    'slo-latency': [0.99, 300],
    'slo-latency-aim': [0.99, 50],
    'slo-errors': [0.9999, undefined],
    'slo-errors-aim': ['every', undefined],
    'slo-reservation': [0.999, undefined],
    'slo-reservation-rto': ['every', 60_000],
    'slo-reservation-rto-killed': [0.99, 2_000],
    'slo-reservation-rto-frozen': [0.99, 5_000],
    'slo-reservation-rto-partitioned': [0.99, 5_000],
    'slo-receipts': [0.95, 300_000],
    'slo-receipts-availability': [0.99, undefined],
    'slo-receipts-rto': ['every', 3_600_000],
    'slo-receipts-aim': [0.95, 3_000],
    'slo-receipts-drain': ['every', 0.8],
    'slo-broker': ['every', undefined],
    'slo-broker-killed': ['every', undefined],
    'slo-broker-wiped': ['every', undefined],
    'slo-portal': [0.95, 10_000],
    'slo-portal-availability': [0.995, undefined],
    'slo-portal-rto': ['every', 300_000],
    'slo-portal-aim': [0.95, 100],
    'slo-portal-rto-aim': ['every', 3_000]
  })
})

t.test('every series that an objective reads is one that can be played', async (t) => {
  for (const { indicator } of objectives.flatMap(({ claims }) => claims))
    for (const scenario of indicator.measure.scenarios)
      t.ok(readFileSync(join(ROOT, 'chaos', 'scenarios', `${scenario}.ts`)).length > 0, scenario)
})

t.test('names are used once, and every service and source that is named is there', async (t) => {
  const all = definitionFiles(join(ROOT, FOLDER)).flatMap((file) =>
    parseAllDocuments(readFileSync(join(ROOT, FOLDER, file), 'utf8')).map((document) => document.toJS())
  )
  const names = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const text = JSON.stringify(all)

  t.equal(new Set(names).size, names.length)
  for (const [, service] of text.matchAll(/"service":"([^"]+)"/g)) t.ok(names.includes(`Service ${service}`), `${service}`)
  for (const [, source] of text.matchAll(/"metricSourceRef":"([^"]+)"/g)) t.ok(names.includes(`DataSource ${source}`), `${source}`)
  t.ok(all.every(({ apiVersion }) => apiVersion === 'openslo/v1'))
})

t.test('a definition that is not as it must be is refused by name', async (t) => {
  const text = readFileSync(join(ROOT, FOLDER, 'slo-latency.yaml'), 'utf8')
  const refused = (from: string, to: string) => () => objectivesIn(new Map([['slo-latency', text.replace(from, to)]]))

  t.throws(refused('target: 0.99', 'target: 1'), /slo-latency: .*target/, 'the format knows no target of one')
  t.throws(refused('measure: answers', 'measure: guesses'), /answer-time/)
  t.throws(refused('ops: [hold, sale]', 'ops: [hold, sale]\n        scenario: [on-sale]'), /answer-time/, 'a word that nobody reads')
  t.throws(refused('indicatorRef: answer-time', 'indicatorRef: other'), /other/)
  t.throws(refused('name: slo-latency\n', 'name: slo-other\n'), /no SLO bears this name/)
  t.throws(refused('kind: SLI', 'kind: SLI: x'), /slo-latency/)
})
