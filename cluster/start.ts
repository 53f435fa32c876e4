import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, endWith } from './arguments.ts'
import { flagOf } from './describe.ts'
import { askSupervisor } from './driver/door.ts'
import { makeHome } from './driver/ground.ts'
import { lastLines, withLog } from './driver/logs.ts'
import { openInstance } from './driver/run.ts'
import { doorPath, type Instance, instanceDirectory, readInstance } from './instance.ts'

/** What a supervisor tells the command that started it into the background. */
type News = { say: string } | { ready: true } | { failed: string }

const { instance, values, names } = commandLine({
  detach: { type: 'boolean' },
  daemon: { type: 'boolean' },
  'no-demo': { type: 'boolean' }
} as const)
const demo = !values['no-demo']
/** One Ctrl-C arrives several times: from the terminal, and from every program that passes it on. */
const SAME_KEY_MS_MAX = 1_500
const LINES_TOLD = 10

await main().catch(endWith)

async function main(): Promise<void> {
  if (values.daemon) return runAsDaemon()
  const running = await askSupervisor(doorPath(instance), names.length > 0 ? { ask: 'start', names } : { ask: 'status' }, console.log)
  if (names.length > 0) {
    if (!running) throw new Error(`instance ${instance} does not run: npm start${flagOf(instance)}`)
    return console.log(`running: ${names.join(', ')}`)
  }
  if (running) {
    console.log(`instance ${instance} already runs (supervisor ${running.pid})`)
    return console.log(whereToLook(await readInstance(instance)))
  }
  return values.detach ? runDetached() : runHere(console.log)
}

async function runHere(say: (text: string) => void): Promise<void> {
  const running = await openInstance(instance, { demo, empty: false }, say)
  let askedMs = 0
  const stop = () => {
    if (askedMs === 0) say('stopping')
    else if (performance.now() - askedMs > SAME_KEY_MS_MAX) process.exit(1) // who cannot wait: the leash ends the rest at once
    askedMs ||= performance.now()
    running.end()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (!values.daemon) process.on('disconnect', stop) // npm died and nobody reads this any more
  let failed = false
  running.ended.then(() => failed || process.exit(0))
  try {
    await running.start()
  } catch (err) {
    if (askedMs > 0) return running.ended
    failed = true
    await running.end()
    throw err
  }
  say(whereToLook(running.instance))
  if (values.daemon) tell({ ready: true })
}

function runAsDaemon(): Promise<void> {
  return runHere((text) => {
    console.log(text)
    tell({ say: text })
  }).catch(async (err: Error) => {
    await tell({ failed: err.message })
    throw err
  })
}

/** Resolves when it is on its way: a process that ends at once takes its last words with it. */
function tell(news: News): Promise<void> {
  return new Promise((resolve) => (process.connected ? process.send?.(news, () => resolve()) : resolve()))
}

/** A supervisor of its own, whose progress is shown here until everything is ready. */
async function runDetached(): Promise<void> {
  makeHome()
  const directory = instanceDirectory(instance)
  mkdirSync(join(directory, 'logs'), { recursive: true })
  const flags = ['--daemon', '--instance', String(instance), ...(demo ? [] : ['--no-demo'])]
  const daemon = withLog(directory, 'supervisor', (fd) =>
    fork(import.meta.filename, flags, { detached: true, stdio: ['ignore', fd, fd, 'ipc'] })
  )
  process.on('SIGINT', () => daemon.kill('SIGTERM'))
  process.on('SIGTERM', () => daemon.kill('SIGTERM'))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  daemon.on('message', (news: News) => {
    if ('say' in news) console.log(news.say)
    else if ('ready' in news) resolve()
    else reject(new Error(news.failed))
  })
  daemon.once('exit', async (code) => {
    if (code === 0) reject(new Error('it was stopped'))
    else reject(new Error((await lastLines(directory, 'supervisor', LINES_TOLD)).join('\n')))
  })
  await promise
  daemon.disconnect()
  daemon.unref()
}

function whereToLook({ url, mailUrl, bankUrl }: Instance): string {
  return `
  shop       ${url}
  mailbox    ${mailUrl}
  bank       ${bankUrl}

  npm run status${flagOf(instance)}    every process
  npm run logs -- NAME    what one of them says (${instanceDirectory(instance)}/logs)
  npm run stop${flagOf(instance)}    ends it all
`
}
