import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installDebian } from './debian.ts'
import { ROOT } from './instance.ts'

const LINES_TOLD = 15
const TICK_MS = 10_000
const TAP_MARK = join(ROOT, 'node_modules', '.tap-built')

/** Runs a program until it ends well; throws when it does not. */
export type Run = (program: string, args: string[], cwd: string, env?: NodeJS.ProcessEnv) => Promise<void>

/** What shows that a Debian package is there. Looked for on the path and where Debian puts servers. */
const PROOF: Record<string, () => boolean> = {
  postgresql: () =>
    existsSync('/usr/lib/postgresql') &&
    readdirSync('/usr/lib/postgresql').some((major) => existsSync(`/usr/lib/postgresql/${major}/bin/postgres`)),
  'mariadb-server': () => onPath('mariadbd') && onPath('mariadb-install-db'),
  'rabbitmq-server': () => existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server'),
  haproxy: () => onPath('haproxy'),
  iptables: () => onPath('iptables'),
  libfaketime: () => readdirSync('/usr/lib').some((folder) => existsSync(join('/usr/lib', folder, 'faketime', 'libfaketime.so.1'))),
  chromium: () => onPath('chromium'),
  'poppler-utils': () => onPath('pdftoppm'),
  'zbar-tools': () => onPath('zbarimg'),
  'libxml2-utils': () => onPath('xmllint')
}

if (import.meta.main)
  await install(process.argv.slice(2)).catch((err: Error) => {
    console.error(err.message)
    process.exit(1)
  })

/**
 * Brings what a command needs and this machine does not have, and says so.
 *
 * @param needs - Debian packages by name; `tap` is the test runner, built for its plugins.
 */
async function install(needs: string[]): Promise<void> {
  const packages = needs.filter((name) => name !== 'tap' && !PROOF[name]?.())
  if (packages.length > 0) await step(`Debian packages: ${packages.join(' ')}`, 'apt', (run) => installDebian(packages, run))
  if (needs.includes('tap') && !tapIsBuilt()) await step('the test runner', 'tap-build', (run) => buildTap(run))
}

async function buildTap(run: Run): Promise<void> {
  await run('tap', ['build'], ROOT)
  writeFileSync(TAP_MARK, tapSeal())
}

function tapIsBuilt(): boolean {
  return existsSync(TAP_MARK) && readFileSync(TAP_MARK, 'utf8') === tapSeal()
}

/** The test runner is built for the plugins that .taprc names, in the versions that are installed. */
function tapSeal(): string {
  const inputs = ['.taprc', 'package-lock.json'].map((name) => readFileSync(join(ROOT, name)))
  return createHash('sha256').update(Buffer.concat(inputs)).digest('hex')
}

/** One step of the installation, with its time; its output is kept and shown only when it fails. */
async function step(title: string, log: string, work: (run: Run) => Promise<void>): Promise<void> {
  const name = title.split(':')[0]
  const beganMs = performance.now()
  const seconds = () => Math.round((performance.now() - beganMs) / 1000)
  const path = join(ROOT, 'artifacts', `${log}.log`)
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  const out = openSync(path, 'w')
  console.log(`installing ${title}`)
  const ticking = setInterval(() => console.log(`  ... ${seconds()} s  ${name}`), TICK_MS)
  try {
    await work((program, args, cwd, env = process.env) => finished(program, args, cwd, env, out))
    console.log(`installed ${name} (${seconds()} s)`)
  } catch (err) {
    const tail = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LINES_TOLD)
    throw new Error([`${title}: ${(err as Error).message}`, ...tail.filter(Boolean).map((line) => `  ${line}`)].join('\n'))
  } finally {
    clearInterval(ticking)
    closeSync(out)
  }
}

/** Ctrl-C reaches the program too. */
function finished(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, out: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', out, out] })
    child.once('error', (err: NodeJS.ErrnoException) => reject(new Error(`${program} cannot be run (${err.code})`)))
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args[0]} ended with ${signal ?? `code ${code}`}`))
    )
  })
}

function onPath(program: string): boolean {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'].some((folder) => existsSync(join(folder, program)))
}
