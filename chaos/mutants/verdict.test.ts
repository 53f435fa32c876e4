import t from 'tap'
import type { Detector } from './mutant.ts'
import { verdictOf } from './verdict.ts'

const SCENARIO: Detector = { scenario: 'primary-killed', runs: 1, check: 'lost: ' }
const TEST: Detector = { test: 'some.test.ts', needs: 'nothing', check: 'nothing is lost', says: 'one was prepared' }

t.test('a scenario is red by the violation that it names, and by no other', async (t) => {
  const verdict = (result: object) => verdictOf(SCENARIO, 1, ['said before', JSON.stringify(result)])

  t.match(verdict({ holds: true, violations: [] }), { is: 'green' })
  t.match(verdict({ holds: false, violations: ['ledger: x', 'run 1: lost: order 7 is lost'] }), {
    is: 'caught',
    said: 'run 1: lost: order 7 is lost'
  })
  t.match(verdict({ holds: false, violations: ['run 1: shows nothing, because it is not true that a reign ended'] }), { is: 'otherwise' })
  t.match(verdict({ holds: false, notRun: 'no root', violations: [] }), { is: 'otherwise', said: 'not run: no root' })
  t.match(verdictOf(SCENARIO, 1, ['cannot start: port 5432 is taken']), { is: 'otherwise', said: /port 5432 is taken/ })
  t.match(verdictOf(SCENARIO, 1, ['{ broken']), { is: 'otherwise' })
})

t.test('a file of tests is red by its first failure', async (t) => {
  const failing = (name: string, what: string) => [
    'TAP version 14',
    `# Subtest: ${name}`,
    `    not ok 1 - should be equal`,
    '      ---',
    `      what: ${what}`,
    '      ...',
    '    1..1',
    `not ok 1 - ${name} # time=1ms`
  ]
  const named = failing('nothing is lost', 'pg1, for which one was prepared')

  t.match(verdictOf(TEST, 0, ['TAP version 14', 'ok 1 - nothing is lost']), { is: 'green' })
  t.match(verdictOf(TEST, 1, named), { is: 'caught', said: /nothing is lost .*what: pg1, for which one was prepared/ })
  t.match(verdictOf(TEST, 1, failing('nothing is lost', 'a timeout')), { is: 'otherwise', said: /nothing is lost/ })
  t.match(verdictOf(TEST, 1, [...failing('it starts', 'no'), ...named]), { is: 'otherwise', said: /it starts/ })
  t.match(verdictOf(TEST, null, ['TAP version 14']), { is: 'otherwise', said: /no verdict/ })
})
