import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installDebian } from './debian.mjs'

const LINES_TOLD = 15

/** What shows that a Debian package is there. Looked for on the path and where Debian puts servers. */
const PROOF = {
  postgresql: () =>
    existsSync('/usr/lib/postgresql') &&
    readdirSync('/usr/lib/postgresql').some((major) => existsSync(`/usr/lib/postgresql/${major}/bin/postgres`)),
  'mariadb-server': () => onPath('mariadbd') && onPath('mariadb-install-db'),
  'rabbitmq-server': () => existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server'),
  haproxy: () => onPath('haproxy'),
  chromium: () => onPath('chromium'),
  'poppler-utils': () => onPath('pdftoppm'),
  'zbar-tools': () => onPath('zbarimg'),
  'libxml2-utils': () => onPath('xmllint')
}

/** Brings what a command needs and this machine does not have, both kinds at once, and says so. */
export async function install(root, { debian = [], tap = false }, env) {
  const missing = () => debian.filter((name) => !PROOF[name]())
  const needed = () => missing().length > 0 || !nodePackagesAreThere(root) || (tap && !tapIsBuilt(root))
  if (!needed()) return
  const release = await takeTurn()
  try {
    if (!needed()) return // another command did it meanwhile
    mkdirSync(join(root, 'artifacts'), { recursive: true })
    const log = (name) => join(root, 'artifacts', `${name}.log`)
    const packages = missing()
    const nodePackages = nodePackagesAreThere(root)
      ? Promise.resolve()
      : step('npm packages', log('npm-ci'), (out) =>
          finished('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, env, out })
        )
    const debianPackages =
      packages.length > 0
        ? step(`Debian packages: ${packages.join(' ')}`, log('apt'), (out) => installDebian(packages, out, finished))
        : Promise.resolve()
    const results = await Promise.allSettled([nodePackages, debianPackages])
    const failed = results.filter(({ status }) => status === 'rejected')
    if (failed.length > 0) throw new Error(failed.map(({ reason }) => reason.message).join('\n\n'))
    if (tap && !tapIsBuilt(root)) await buildTap(root, env, log('tap-build'))
  } finally {
    release()
  }
}

/** The lock file npm keeps inside node_modules says what lies there. What is for other platforms may be absent. */
export function nodePackagesAreThere(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const there = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || (there[path] ? there[path].version === version : optional)
    )
  } catch {
    return false
  }
}

/** The test runner is built once for the plugins that .taprc names. */
async function buildTap(root, env, log) {
  const path = [join(root, 'node_modules', '.bin'), env.PATH].join(delimiter)
  await step('the test runner', log, (out) => finished('tap', ['build'], { cwd: root, env: { ...env, PATH: path }, out }))
  writeFileSync(tapMark(root), tapSeal(root))
}

function tapIsBuilt(root) {
  return existsSync(tapMark(root)) && readFileSync(tapMark(root), 'utf8') === tapSeal(root)
}

function tapMark(root) {
  return join(root, 'node_modules', '.tap-built')
}

function tapSeal(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, '.taprc')))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** One step of the installation, with its time; its output is kept and shown only when it fails. */
async function step(title, log, work) {
  console.log(`installing ${title}`)
  const beganMs = Date.now()
  const seconds = () => Math.round((Date.now() - beganMs) / 1000)
  const ticking = setInterval(() => console.log(`  ... ${seconds()} s  ${title.split(':')[0]}`), 10_000)
  const out = openSync(log, 'w')
  try {
    await work(out)
    console.log(`installed ${title.split(':')[0]} (${seconds()} s)`)
  } catch (err) {
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LINES_TOLD)
    throw new Error([`${title}: ${err.message}`, ...tail.filter(Boolean).map((line) => `  ${line}`)].join('\n'))
  } finally {
    clearInterval(ticking)
    closeSync(out)
  }
}

/** Runs a program until it ends. Ctrl-C reaches it too. */
function finished(program, args, { cwd, env, out }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', out, out] })
    child.once('error', (err) => reject(new Error(`${program} cannot be run (${err.code})`)))
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args[0]} ended with ${signal ?? `code ${code}`}`))
    )
  })
}

function onPath(program) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'].some((folder) => existsSync(join(folder, program)))
}

/** Two commands that find the same thing missing install it once. */
async function takeTurn() {
  const path = join(tmpdir(), 'ticketflow-install.lock')
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (err) {
      if (err.code !== 'EEXIST') throw err
    }
    if (!isAlive(Number(readIfThere(path)))) rmSync(path, { force: true })
    else await sleep(500)
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
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
