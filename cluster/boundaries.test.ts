import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { sourcesIn, trespasses } from './boundaries.ts'
import { ROOT } from './instance.ts'

const LINES_MAX = 200
/** A file of tests is read one test at a time, and each file costs a second. */
const TEST_LINES_MAX = 300

t.test('rooms only enter rooms they may', async (t) => {
  t.strictSame(await trespasses(ROOT), [])
})

t.test('a forbidden import is found, however it is written', async (t) => {
  const folder = t.testdir({
    'reservation-service': { 'seat.ts': 'export interface Seat { no: number }\nexport const seat: Seat = { no: 1 }\n' },
    portal: {
      'value.ts': "import { seat } from '../reservation-service/seat.ts'\nexport const mine = seat\n",
      'type.ts': "import type { Seat } from '../reservation-service/seat.ts'\nexport const mine: Seat = { no: 2 }\n",
      'passed-on.ts': "export { seat } from '../reservation-service/seat.ts'\n",
      'late.ts': "export const late = () => import('../reservation-service/seat.ts')\n",
      'page.test.ts': "import { seat } from '../reservation-service/seat.ts'\nexport const mine = seat\n"
    },
    cluster: { 'fine.ts': "export const fine = 'nothing is entered'\n" }
  })

  const found = await trespasses(folder)

  t.strictSame(found.map((sentence) => sentence.split(' ')[0]).sort(), [
    'portal/late.ts',
    'portal/page.test.ts',
    'portal/passed-on.ts',
    'portal/type.ts',
    'portal/value.ts'
  ])
})

t.test('only a test may come for a test database', async (t) => {
  const database = "import { pool } from '../db/test-database.ts'\nexport const mine = pool\n"
  const folder = t.testdir({
    db: { 'test-database.ts': 'export const pool = 1\n' },
    portal: { 'page.test.ts': database, 'given-pages.ts': database, 'page.ts': database }
  })

  const found = await trespasses(folder)

  t.ok(found.length > 0)
  t.ok(found.every((sentence) => sentence.startsWith('portal/page.ts enters db/test-database.ts')))
})

t.test('a check that sees no TypeScript does not say that all is well', async (t) => {
  const folder = t.testdir({ portal: { 'page.js': 'export const page = 1\n' } })

  await t.resolveMatch(trespasses(folder), [])
  await t.rejects(trespasses(emptied(t)), /does not see/)
})

t.test('the chassis knows no seat and no receipt', async (t) => {
  for (const file of sourcesIn(ROOT, ['chassis']).filter((name) => !name.endsWith('.test.ts'))) {
    t.notMatch(textOf(file), /\b(seat|ticket|receipt|boleta|folio|orderId)s?\b/i, file)
  }
})

t.test('no file is a drawer, and every file fits in the head', async (t) => {
  for (const file of sourcesIn(ROOT)) {
    t.notMatch(basename(file), /^(utils?|common|helpers?|shared|misc|types|index)\./, file)
    const linesMax = file.endsWith('.test.ts') ? TEST_LINES_MAX : LINES_MAX
    t.ok(textOf(file).trimEnd().split('\n').length <= linesMax, `${file} has at most ${linesMax} lines`)
  }
})

/** Rooms without a single file: what a cruiser reports that does not understand TypeScript. */
function emptied(t: Test): string {
  return t.testdir({ portal: {}, cluster: {} })
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
