import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXTRA_SETTINGS, extraSettings } from '../../cluster/driver/launch.ts'
import { clocksLack, setClock } from './clocks.ts'

const HOUR_MS = 3_600_000
const SLACK_MS = 30_000
const CLOCKS = `console.log(JSON.stringify({ nowMs: Date.now(), runsMs: Number(process.hrtime.bigint()) / 1e6 }))`
const lack = await clocksLack()

t.test(
  'a component whose clock is set believes another time of day, and no other clock of it changes',
  { skip: lack ?? false },
  async (t) => {
    const directory = t.testdir({})

    for (const hours of [1, -2]) {
      setClock({ directory }, 'portal-1', hours * 3_600)

      const { nowMs, runsMs } = clocksOf(directory, 'portal-1')
      t.ok(Math.abs(nowMs - Date.now() - hours * HOUR_MS) < SLACK_MS, `${new Date(nowMs)}`)
      t.ok(Math.abs(runsMs - Number(process.hrtime.bigint()) / 1e6) < SLACK_MS, `${runsMs}`)
    }
    t.strictSame(extraSettings(directory)['portal-2'], undefined)
  }
)

t.test('a clock that is put right leaves nothing, and others as they are', { skip: lack ?? false }, async (t) => {
  const directory = t.testdir({})
  setClock({ directory }, 'portal-1', 60)
  setClock({ directory }, 'relay', 60)

  setClock({ directory }, 'portal-1', 0)

  t.strictSame(Object.keys(extraSettings(directory)), ['relay'])
})

t.test('a PostgreSQL node finds a program that brings its own time, and all others as they are', { skip: lack ?? false }, async (t) => {
  const directory = t.testdir({})

  setClock({ directory }, 'pg2', 3_600)

  const place = extraSettings(directory).pg2!.POSTGRES_BIN!
  t.match(readFileSync(join(place, 'postgres'), 'utf8'), /FAKETIME='\+3600s'/)
  t.match(execFileSync(join(place, 'postgres'), ['--version'], { env: {} }).toString(), /PostgreSQL/)
  t.match(execFileSync(join(place, 'pg_controldata'), ['--version'], { env: {} }).toString(), /PostgreSQL/)
  t.ok(readFileSync(join(directory, EXTRA_SETTINGS)))
})

function clocksOf(directory: string, component: string): { nowMs: number; runsMs: number } {
  const env = { PATH: process.env.PATH, ...extraSettings(directory)[component] }
  return JSON.parse(execFileSync(process.execPath, ['-e', CLOCKS], { env }).toString())
}
