import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createLog } from '../chassis/log.ts'
import { watchPrimary } from '../chassis/primary.ts'
import { askSupervisor } from './driver/door.ts'
import { makeHome } from './driver/ground.ts'
import { openInstance, type Running } from './driver/run.ts'
import { endAll } from './driver/sweep.ts'
import { doorPath, type Instance, instanceDirectory, ROOT, TEST_INSTANCE } from './instance.ts'
import { closingLine, failures, type Totals, totalsIn } from './tap.ts'

const JOBS = 2
const PRIMARY_MS_MAX = 10_000
const KEPT = 'compile-cache'
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
  totals = await runTap(await settingsFor(running.instance), process.argv.slice(2))
} catch (err) {
  console.error((err as Error).message)
  totals.failed++
} finally {
  await running?.end()
}
console.log(closingLine(totals))
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1)

async function freshShop(): Promise<Running> {
  await askSupervisor(doorPath(TEST_INSTANCE), { ask: 'end' }) // of a run that nobody waits for any more
  const shop = await openEmptied()
  console.log(`starting instance ${TEST_INSTANCE}, empty, for the tests`)
  const beganMs = performance.now()
  try {
    await shop.start()
  } catch (err) {
    await shop.end()
    throw err
  }
  console.log(`it runs (${((performance.now() - beganMs) / 1000).toFixed(1)} s)\n`)
  return shop
}

/** Opening ends what an earlier run left; only then can its data be taken away. */
async function openEmptied(): Promise<Running> {
  makeHome()
  const directory = instanceDirectory(TEST_INSTANCE)
  await endAll(directory)
  mkdirSync(directory, { recursive: true })
  for (const entry of readdirSync(directory).filter((name) => name !== KEPT)) rmSync(join(directory, entry), { recursive: true })
  return openInstance(TEST_INSTANCE, { demo: true }, (text) => console.log(text))
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
    TEST_BROKER_URL: brokerUrl
  }
}

/** The whole output is kept under artifacts; here one line per file, and what failed. */
async function runTap(settings: Record<string, string>, files: string[]): Promise<Totals> {
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  const path = join(ROOT, 'artifacts', 'tests.tap')
  const kept = createWriteStream(path)
  const tap = spawn('tap', ['run', `--jobs=${JOBS}`, '--reporter=tap', ...files], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = new Promise<void>((resolve, reject) => tap.once('error', reject).once('close', () => resolve()))
  const lines: string[] = []
  for await (const line of createInterface({ input: tap.stdout })) {
    kept.write(`${line}\n`)
    lines.push(line)
    const file = SUBTEST_END.exec(line)
    if (file) console.log(`${file[1] ? 'FAIL' : '  ok'}  ${file[2]}${file[3] ? `  (${(Number(file[3]) / 1000).toFixed(1)} s)` : ''}`)
  }
  await ended
  for (const failure of failures(lines)) console.log(`\n${failure}`)
  console.log(`\nthe whole output: ${path}`)
  return totalsIn(lines)
}
