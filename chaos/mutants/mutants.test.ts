import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../../cluster/instance.ts'
import { edited } from './copy.ts'
import { HASTE, MUTANTS } from './list.ts'
import { checkOf, nameOf, pageOf, readPage, readRecord } from './record.ts'

t.test('every mutant finds each of its places exactly once, and changes it', async (t) => {
  for (const { name, edits } of MUTANTS) {
    t.doesNotThrow(() => edited(ROOT, edits), name)
    for (const { find, put } of edits) t.not(find, put, name)
  }
  t.doesNotThrow(() => edited(ROOT, [HASTE]))
  t.throws(() => edited(ROOT, [{ file: 'package.json', find: 'what is nowhere', put: '' }]), /0 times, not once/)
  t.throws(() => edited(ROOT, [{ file: 'package.json', find: '"', put: '' }]), /times, not once/)
})

t.test('every mutant has a name of its own, and a detector that has the check it names', async (t) => {
  t.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length)
  for (const { name, detector } of MUTANTS) {
    const file = 'scenario' in detector ? `chaos/scenarios/${detector.scenario}.ts` : detector.test
    const text = readFileSync(join(ROOT, file), 'utf8')
    if ('test' in detector) t.ok(text.includes(detector.check), `${name}: ${file} has no test ${detector.check}`)
  }
})

t.test('what was recorded was recorded of the detector and the check that a mutant has now, and the page says so', async (t) => {
  const outcomes = readRecord()
  const recorded = new Set(outcomes.map(({ mutant }) => mutant))

  t.strictSame(
    outcomes.map(({ mutant, detector, check }) => [mutant, detector, check]),
    MUTANTS.filter(({ name }) => recorded.has(name)).map(({ name, detector }) => [name, nameOf(detector), checkOf(detector)])
  )
  t.equal(
    readPage(),
    pageOf(
      outcomes,
      MUTANTS.map(({ name }) => name)
    )
  )
})
