import { spawn } from 'node:child_process'
import { createWriteStream, globSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../chassis/log.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { holdAlone } from './driver/door.ts'
import { openInstance, type Running } from './driver/run.ts'
import { type Instance, ROOT, TEST_INSTANCE, TESTS_VIRTUAL_HOST } from './instance.ts'
import { closingLine, failures, type Totals, totalsIn } from './tap.ts'

const JOBS = 2
/** Of one file: those that drive a browser or kill databases take a minute, and longer on a busy machine. */
const FILE_SECONDS_MAX = 400
/** Each starts whole shops. Side by side they would starve one another, so one is the first and the other comes in the middle. */
const [FIRST, MIDDLE] = ['chaos/acceptance.test.ts', 'chaos/smoke.test.ts'] as const
const PRIMARY_MS_MAX = 10_000
const LOOK_MS = 1_000
const TURN_MS_MAX = 20 * 60_000
const SUBTEST_END = /^(not )?ok \d+ - (\S+\.test\.ts)(?: # time=([\d.]+)ms)?/

/**
 * Runs the tests against a whole shop of their own, from empty databases, and
 * ends with one line that counts them. Files that are named are run alone.
 */
let running: Running | undefined
let totals: Totals = { passed: 0, failed: 0, skipped: 0, todo: 0 }

try {
  running = await freshShop()
  const { end } = running
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end().then(() => process.exit(130)))
  const named = process.argv.slice(2)
  totals = await runTap(await settingsFor(running.instance), named.length > 0 ? named : everyFile())
} catch (err) {
  console.error((err as Error).message)
  totals.failed++
} finally {
  await running?.end()
}
console.log(closingLine(totals))
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1)

async function freshShop(): Promise<Running> {
  await untilFree()
  console.log(`starting instance ${TEST_INSTANCE}, empty, for the tests`)
  const beganMs = performance.now()
  const shop = await openInstance(TEST_INSTANCE, { demo: true, empty: true }, (text) => console.log(text))
  try {
    await shop.start()
  } catch (err) {
    await shop.end()
    throw err
  }
  console.log(`it runs (${((performance.now() - beganMs) / 1000).toFixed(1)} s)\n`)
  return shop
}

/** Two runs of the tests on one machine take turns. */
async function untilFree(): Promise<void> {
  for (let looks = 0; ; looks++) {
    const mine = await holdAlone(TEST_INSTANCE)
    if (mine) return void mine.close()
    if (looks === 0) console.log(`instance ${TEST_INSTANCE} is in use, by other tests or by hand: waiting for its end`)
    if (looks * LOOK_MS > TURN_MS_MAX)
      throw new Error(`instance ${TEST_INSTANCE} stays in use: npm run stop -- --instance ${TEST_INSTANCE}`)
    await sleep(LOOK_MS)
  }
}

/** What `db/test-database.ts` and the tests of the queues read. */
async function settingsFor({ postgresUrls, mariadbUrls, brokerUrl }: Instance): Promise<Record<string, string>> {
  const primary = watchPrimary(postgresUrls.owner, createLog('test', 'fatal'))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const late = setTimeout(() => reject(new Error('no PostgreSQL node is the primary')), PRIMARY_MS_MAX)
  primary.onReign(resolve)
  const postgresUrl = await promise.finally(() => clearTimeout(late))
  await primary.close()
  return {
    TEST_INSTANCE: String(TEST_INSTANCE),
    TEST_POSTGRES_URL: postgresUrl,
    TEST_MARIADB_URL: mariadbUrls.owner,
    TEST_BROKER_URL: `${brokerUrl}/${TESTS_VIRTUAL_HOST}`
  }
}

function everyFile(): string[] {
  const files = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['**/{node_modules,.cluster}/**'] }).sort()
  const others = files.filter((file) => file !== FIRST && file !== MIDDLE)
  const half = Math.floor(others.length / 2)
  return [FIRST, ...others.slice(0, half), MIDDLE, ...others.slice(half)]
}

/** The whole output is kept under artifacts; here one line per file, and what failed. */
async function runTap(settings: Record<string, string>, files: string[]): Promise<Totals> {
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  const path = join(ROOT, 'artifacts', 'tests.tap')
  const kept = createWriteStream(path)
  const tap = spawn('tap', ['run', `--jobs=${JOBS}`, `--timeout=${FILE_SECONDS_MAX}`, '--reporter=tap', ...files], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = new Promise<number | null>((resolve, reject) => tap.once('error', reject).once('close', resolve))
  const lines: string[] = []
  for await (const line of createInterface({ input: tap.stdout })) {
    kept.write(`${line}\n`)
    lines.push(line)
    const file = SUBTEST_END.exec(line)
    if (file) console.log(`${file[1] ? 'FAIL' : '  ok'}  ${file[2]}${file[3] ? `  (${(Number(file[3]) / 1000).toFixed(1)} s)` : ''}`)
  }
  const code = await ended
  for (const failure of failures(lines)) console.log(`\n${failure}`)
  console.log(`\nthe whole output: ${path}`)
  const totals = totalsIn(lines)
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals
}
