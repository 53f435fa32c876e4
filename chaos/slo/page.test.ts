import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../../cluster/instance.ts'
import type { Bundle } from './bundles.ts'
import { readObjectives } from './definitions.ts'
import { figuresOf } from './figures-file.ts'
import { givenBundle, givenSeries } from './given-bundles.ts'
import { FOLDER } from './manifest.ts'
import { sloPage } from './page.ts'
import { row } from './words.ts'

const objectives = readObjectives(join(ROOT, FOLDER))

t.test('without evidence everything is unmeasured and nothing is kept', async (t) => {
  const page = pageOf([])

  t.match(page, /There is no evidence yet/)
  t.notMatch(page, /✓|✗/)
  t.equal(page.slice(0, page.indexOf('##')).match(/\| – \| unmeasured \|/g)!.length, objectives.flatMap(({ claims }) => claims).length)
})

t.test('every objective stands in the first table, and leads to its own part', async (t) => {
  const page = pageOf(givenSeries())

  for (const { id } of objectives) t.ok(page.includes(`| [${id}](#${id}) |`) && page.includes(`\n## ${id}\n`), id)
  t.notMatch(page, /undefined|NaN|\[object|Infinity/)
})

t.test('a series that broke its promise is counted, and named before anything else', async (t) => {
  const broken = givenBundle({ scenario: 'postgres-primary-killed', seed: 9 })
  Object.assign(broken.result, { holds: false, violations: ['doubled: seat 7'] })

  const page = pageOf([...givenSeries(), broken])

  t.match(page, /Broken, and counted all the same: postgres-primary-killed-9 \(1\)/)
  t.match(page, /\| 1 of 12 \|/)
  t.ok(page.indexOf('Broken, and counted') < page.indexOf('## slo-latency'))
})

t.test('a sale that is not in the books is said to be lost', async (t) => {
  const bundle = givenBundle({ scenario: 'no-fault' })

  const page = pageOf([{ ...bundle, papers: bundle.papers.slice(1) }])

  t.match(page, /\| 40 \| 1 \| 0 \| 0 of 1 \|/)
})

t.test('the same evidence gives the same page', async (t) => {
  t.equal(pageOf(givenSeries()), pageOf(givenSeries()))
})

t.test('the rows of every table have as many cells as its head', async (t) => {
  const lines = pageOf(givenSeries()).split('\n')
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length

  for (const [i, line] of lines.entries())
    if (line.startsWith('|') && lines[i - 1]?.startsWith('|')) t.equal(cells(line), cells(lines[i - 1]!), line)
})

t.test('what a cell says does not end it', async (t) => {
  t.equal(row('one | two\nthree', 4), '| one \\| two three | 4 |')
})

function pageOf(bundles: Bundle[]): string {
  const signed = { by: 'Violeta Prueba', at: '2026-03-02T09:00:00.000Z', fingerprint: 'f'.repeat(64) }
  return sloPage({ objectives, bundles, figures: figuresOf(objectives, bundles), sha256Of: () => 'e'.repeat(64), signed })
}
