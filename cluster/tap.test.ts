import t from 'tap'
import { closingLine, failures, totalsIn } from './tap.ts'

const STREAM = `TAP version 14
# Subtest: portal/site.test.ts
    # Subtest: a page is shown
        ok 1 - it is there
        # Subtest: in English too
            not ok 1 - should be equal
              ---
              source: |
                t.equal(1, 2)
              diff: |
                -2
                +1
              ...
            1..1
        not ok 2 - in English too # time=3ms
          ---
          at:
            lineNumber: 4
          ...
        1..2
    not ok 1 - a page is shown # time=4ms
    ok 2 - later # SKIP no browser
    1..2
not ok 1 - portal/site.test.ts # time=5ms

# Subtest: portal/crash.test.ts
    ok 1 - fine
    1..1
not ok 2 - portal/crash.test.ts # time=6ms
  ---
  exitCode: 3
  ...

# { total: 4, pass: 2, fail: 1, skip: 1 }
# time=12ms`.split('\n')

t.test('the closing line counts as the runner counts', async (t) => {
  t.equal(closingLine(totalsIn(STREAM)), '2 passed, 1 failed, 1 skipped')
  t.equal(closingLine(totalsIn(['# { total: 3, pass: 3 }'])), '3 passed, 0 failed')
  t.equal(closingLine(totalsIn(['# { total: 4, pass: 1, fail: 1, todo: 1, skip: 1 }'])), '1 passed, 1 failed, 1 skipped, 1 to do')
  t.strictSame(totalsIn(['# { total: 0 }']), { passed: 0, failed: 0, skipped: 0, todo: 0 })
})

t.test('a runner that ended without a count is told, not counted as nothing failed', async (t) => {
  t.throws(() => totalsIn(['TAP version 14', 'ok 1 - one.test.ts']), /without a count/)
})

t.test('each failed assertion is named with its file and tests, and a crash with its file', async (t) => {
  t.strictSame(failures(STREAM), [
    'not ok: portal/site.test.ts > a page is shown > in English too > should be equal\n  diff: |\n    -2\n    +1',
    'not ok: portal/crash.test.ts\n  exitCode: 3'
  ])
})
