// Runs before anything is installed, on whatever Node the machine has: brings the npm packages, Node 24 among them,
// and hands over to TypeScript. Every npm script comes through here, and nothing else of ours is plain JavaScript
// but what browsers read, and the verifier of SLO.md, which shares nothing with us.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const NODE_MAJOR_MIN = 24
const LOCAL_BIN = join(ROOT, 'node_modules', '.bin')
const LOCK = join(tmpdir(), 'ticketflow-install.lock')
const TICK_MS = 10_000

const SERVERS = ['postgresql', 'mariadb-server', 'rabbitmq-server', 'haproxy']
const CHAOS_NEEDS = [...SERVERS, 'iptables', 'libfaketime', 'poppler-utils']
const TEST_TOOLS = ['chromium', 'poppler-utils', 'zbar-tools', 'libxml2-utils']

/** The file of each command, and what cluster/install.ts has to bring for it. */
const COMMANDS = {
  start: { file: 'cluster/start.ts', needs: SERVERS },
  stop: { file: 'cluster/stop.ts' },
  status: { file: 'cluster/status.ts' },
  logs: { file: 'cluster/logs.ts' },
  test: { file: 'cluster/test.ts', needs: [...SERVERS, ...TEST_TOOLS, 'tap'] },
  check: { file: 'cluster/check.ts' },
  diagram: { file: 'cluster/diagram.ts' },
  buy: { file: 'cluster/buy.ts' },
  buyers: { file: 'chaos/buyers.ts' },
  ledger: { file: 'chaos/ledger.ts' },
  chaos: { file: 'chaos/chaos.ts', needs: CHAOS_NEEDS },
  slo: { file: 'chaos/slo.ts' },
  'verify-slo': { file: 'docs/slo/verify.mjs' },
  mutants: { file: 'chaos/mutants.ts', needs: [...CHAOS_NEEDS, 'tap'] },
  bench: { file: 'bench/bench.ts', needs: SERVERS },
  switchover: { file: 'cluster/switchover.ts' },
  recover: { file: 'cluster/recover.ts' },
  failed: { file: 'cluster/failed.ts' },
  'import-plan': { file: 'cluster/import-plan.ts' },
  'promote-mariadb': { file: 'cluster/promote-mariadb.ts' },
  ticket: { file: 'billing-service/ticket.ts' }
}
/** Without packages nothing can be running, and these only look at what runs. */
const LOOKING = ['stop', 'status', 'logs']

const [name, ...args] = process.argv.slice(2)
const command = COMMANDS[name]

try {
  if (!command) throw new Error(`npm run ${Object.keys(COMMANDS).join(' | ')}`)
  if (LOOKING.includes(name) && !packagesAreThere()) throw new Error('nothing is installed here yet: npm start')
  if (command.needs || !packagesAreThere()) await inTurn(() => bring(command.needs))
  endAs(run(command.file, args))
} catch (err) {
  if (err.message) console.error(err.message)
  process.exit(1)
}

async function bring(needs) {
  if (!packagesAreThere()) await bringPackages()
  if (needs) await ended(run('cluster/install.ts', needs))
}

async function bringPackages() {
  const beganMs = Date.now()
  const seconds = () => Math.round((Date.now() - beganMs) / 1000)
  console.log('installing npm packages')
  const ticking = setInterval(() => console.log(`  ... ${seconds()} s  npm packages`), TICK_MS)
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  await ended(npm).finally(() => clearInterval(ticking))
  console.log(`installed npm packages (${seconds()} s)`)
}

/** The lock file npm keeps inside node_modules says what lies there. What is for other platforms may be absent. */
function packagesAreThere() {
  try {
    const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
    const there = JSON.parse(readFileSync(join(ROOT, 'node_modules', '.package-lock.json'), 'utf8')).packages
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || (there[path] ? there[path].version === version : optional)
    )
  } catch {
    return false
  }
}

/** Node 24 comes with the packages where it exists as one; elsewhere the machine's own must do. */
function nodeToUse() {
  for (const candidate of [join(LOCAL_BIN, 'node'), process.execPath]) {
    if (!existsSync(candidate)) continue
    const version = spawnSync(candidate, ['-v'], { encoding: 'utf8' }).stdout ?? ''
    if (Number(/^v(\d+)/.exec(version)?.[1]) >= NODE_MAJOR_MIN) return candidate
  }
  throw new Error(
    `Node ${NODE_MAJOR_MIN} is needed, this is ${process.version}, and there is no packaged one for ${process.platform}-${process.arch}: ` +
      `install Node ${NODE_MAJOR_MIN} (https://nodejs.org) and run this again`
  )
}

/** Starts a file of ours. Ctrl-C reaches it, and it learns when this process is gone. */
function run(file, given) {
  const env = { ...process.env, PATH: [LOCAL_BIN, process.env.PATH].join(delimiter) }
  return spawn(nodeToUse(), [join(ROOT, file), ...given], { cwd: ROOT, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
}

/** Resolves when a program has ended well. What went wrong it has said itself. */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(''))))
  })
}

/** This process ends as its child ends: same exit code, same signal. */
function endAs(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (err) => {
    console.error(err.message)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Two commands that find the same thing missing bring it once. */
async function inTurn(work) {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
      break
    } catch (err) {
      if (err.code !== 'EEXIST') throw err
    }
    if (!isAlive(lockHolder())) rmSync(LOCK, { force: true })
    else await sleep(500)
  }
  await work().finally(() => rmSync(LOCK, { force: true }))
}

function lockHolder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch (err) {
    return err.code === 'EPERM'
  }
}
