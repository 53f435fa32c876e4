import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { busySeconds, cpuSecondsOf, processIn } from './cpu.ts'

/** The kernel cuts a process's user and system time to whole ticks each, and again when it adds them to the parent's. */
const ROUNDING_SECONDS = 0.03

/** Works for 0.3 s of processor time, says so, and waits. */
const WORK =
  'const used = () => { const { user, system } = process.cpuUsage(); return user + system }; while (used() < 300_000); console.log("done"); process.stdin.resume()'

t.test('a process’s time is read behind its name, whatever the name holds', async (t) => {
  const line = '42 (a) b (c)) S 7 42 42 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 100 0 0'

  t.same(processIn(line), { parent: 7, ticks: 33, endedTicks: 77 })
})

t.test('work of a child counts, while it lives and after it has ended', async (t) => {
  const before = cpuSecondsOf([process.pid])
  const child = spawn(process.execPath, ['-e', WORK])
  await once(child.stdout, 'data')

  const living = cpuSecondsOf([process.pid]) - before
  child.kill('SIGKILL')
  await once(child, 'exit')
  const after = cpuSecondsOf([process.pid]) - before

  t.ok(living >= 0.3 - ROUNDING_SECONDS, `${living} s while it lives`)
  t.ok(after >= living - ROUNDING_SECONDS, `${after} s after its end`)
})

t.test('what the machine did is all but idling, waiting for disks and serving interrupts', async (t) => {
  t.equal(busySeconds('cpu  100 200 300 99999 88888 777 666 400 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n'), 10)
})
