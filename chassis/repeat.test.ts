import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createLog } from './log.ts'
import { repeat } from './repeat.ts'

const log = createLog('test', 'silent')
const LONG_MS = 60_000

t.test('a loop goes on at once while it moves something, and through a pass that fails', async (t) => {
  const results = [1, 1, 0]
  let passes = 0
  const loop = repeat(log, 5, async () => {
    passes++
    if (passes === 4) throw new Error('a pass failed')
    return results.shift() ?? 0
  })
  t.teardown(loop.stop)

  while (passes < 6) await sleep(5)

  t.strictSame(results, [])
})

t.test('a nudge ends the rest, and one that comes during a pass is not lost', async (t) => {
  let passes = 0
  let finish = () => {}
  const loop = repeat(log, LONG_MS, async () => {
    passes++
    if (passes === 2)
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    return 0
  })
  t.teardown(loop.stop)
  await sleep(5)
  t.equal(passes, 1)

  loop.nudge()
  await sleep(5)
  t.equal(passes, 2)
  loop.nudge()
  finish()
  await sleep(5)

  t.equal(passes, 3)
})

t.test('a stopped loop ends the pass it is in, and begins no other', async (t) => {
  let ended = 0
  const loop = repeat(log, 0, async () => {
    await sleep(20)
    ended++
    return 1
  })

  await loop.stop()

  t.equal(ended, 1)
  await sleep(50)
  t.equal(ended, 1)
})

t.test('a process told to end closes what it opened, last first, and ends well', async (t) => {
  const { code, out } = await ended(
    t,
    `life.use('first', 1, () => console.log('first')); life.use('second', 2, () => console.log('second'))`,
    'SIGTERM'
  )

  t.equal(code, 0)
  t.strictSame(out, ['ready', 'second', 'first'])
})

t.test('what does not close is not waited for longer than was said, and an error nobody caught ends the process too', async (t) => {
  const stuck = await ended(t, `life.use('stuck', 1, () => new Promise(() => {}))`, 'SIGTERM')
  const broken = await ended(
    t,
    `life.use('first', 1, () => console.log('first')); setTimeout(() => { throw new Error('nobody catches this') }, 50)`
  )
  const failing = await ended(
    t,
    `life.use('first', 1, () => console.log('first')); life.use('failing', 2, () => { throw new Error('not now') })`,
    'SIGTERM'
  )

  t.match(stuck, { code: 1 })
  t.match(broken, { code: 1, out: ['ready', 'first'] })
  t.match(failing, { code: 0, out: ['ready', 'first'] })
})

async function ended(t: Test, opens: string, signal?: NodeJS.Signals) {
  const program = `
    import { lifecycle } from './chassis/lifecycle.ts'
    import { createLog } from './chassis/log.ts'
    const life = lifecycle(createLog('test', 'silent'), 300)
    ${opens}
    setInterval(() => {}, 1000)
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
    if (signal && text === 'ready\n') child.kill(signal)
  })
  const [code] = await once(child, 'close')
  return { code, out: text.trim().split('\n') }
}
