// Runs before anything is installed, on whatever Node the machine has: installs what a command needs, then hands
// over to TypeScript on Node 24. Every npm script comes through here.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install, nodePackagesAreThere } from './install.mjs'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const NODE_MAJOR_MIN = 24
const LOCAL_BIN = join(ROOT, 'node_modules', '.bin')

const SERVERS = ['postgresql', 'mariadb-server', 'rabbitmq-server', 'haproxy']
const TEST_TOOLS = ['chromium', 'poppler-utils', 'zbar-tools', 'libxml2-utils']

/** The file of each command, and the Debian packages it cannot do without. */
const COMMANDS = {
  start: { file: 'cluster/start.ts', debian: SERVERS },
  stop: { file: 'cluster/stop.ts' },
  status: { file: 'cluster/status.ts' },
  logs: { file: 'cluster/logs.ts' },
  test: { file: 'cluster/test.ts', debian: [...SERVERS, ...TEST_TOOLS], tap: true },
  check: { file: 'cluster/check.ts' },
  diagram: { file: 'cluster/diagram.ts' },
  buy: { file: 'cluster/buy.ts' },
  buyers: { file: 'chaos/buyers.ts' },
  ledger: { file: 'chaos/ledger.ts' },
  'import-plan': { file: 'cluster/import-plan.ts' },
  ticket: { file: 'billing-service/ticket.ts' }
}
/** Without packages nothing can be running, and these only look at what runs. */
const LOOKING = ['stop', 'status', 'logs']

const [name, ...args] = process.argv.slice(2)
const command = COMMANDS[name]

try {
  if (!command) throw new Error(`npm run ${Object.keys(COMMANDS).join(' | ')}`)
  if (LOOKING.includes(name) && !nodePackagesAreThere(ROOT)) throw new Error('nothing is installed here yet: npm start')
  await install(ROOT, command, process.env)
  run(nodeToUse(), command.file)
} catch (err) {
  console.error(err.message)
  process.exit(1)
}

/** Node 24 comes with the packages where it exists as one; elsewhere the machine's own must do. */
function nodeToUse() {
  const packaged = join(LOCAL_BIN, 'node')
  for (const candidate of [packaged, process.execPath]) {
    if (!existsSync(candidate)) continue
    const version = spawnSync(candidate, ['-v'], { encoding: 'utf8' }).stdout ?? ''
    if (Number(/^v(\d+)/.exec(version)?.[1]) >= NODE_MAJOR_MIN) return candidate
  }
  throw new Error(
    `Node ${NODE_MAJOR_MIN} is needed, this is ${process.version}, and there is no packaged one for ${process.platform}-${process.arch}: ` +
      `install Node ${NODE_MAJOR_MIN} (https://nodejs.org) and run this again`
  )
}

/** The command ends as this process ends: same exit code, same signal; and it learns when this process is gone. */
function run(node, file) {
  const env = { ...process.env, PATH: [LOCAL_BIN, process.env.PATH].join(delimiter) }
  const child = spawn(node, [join(ROOT, file), ...args], { cwd: ROOT, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
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
