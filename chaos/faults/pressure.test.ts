import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { memoryGroup, memoryLack } from '../../cluster/driver/memory.ts'
import { addressesLack, clearNetwork } from '../../cluster/driver/network.ts'
import { inGroup } from '../../cluster/driver/place.ts'
import { press, relieve } from './pressure.ts'

const INSTANCE = 248
const MB = 1024 ** 2
const QUIET = `const kept = Buffer.alloc(32 * ${MB}, 1); process.stdout.write('.'); setInterval(() => kept[0]++, 1e6)`
const lack = (await addressesLack()) ?? memoryLack()

t.test('who is pressed for memory dies of it, and who comes after the pressure lives', { skip: lack ?? false }, async (t) => {
  t.teardown(() => clearNetwork(INSTANCE))
  const quiet = await givenQuiet(t)
  const ended = once(quiet, 'exit')

  const deaths = await press({ instance: INSTANCE, directory: '/nowhere' }, 'quiet')

  t.equal((await ended)[1], 'SIGKILL')
  t.ok(deaths >= 1, 'it, and perhaps its neighbour')
  const next = await givenQuiet(t)
  t.strictSame([next.exitCode, next.signalCode], [null, null], 'as much as the first one had is enough')
  relieve({ instance: INSTANCE }, 'quiet')
})

async function givenQuiet(t: { teardown: (end: () => unknown) => void }) {
  const plain = { command: process.execPath, args: ['-e', QUIET], env: {}, user: undefined, cwd: '/' }
  const { command, args } = inGroup(INSTANCE, 'quiet', plain, memoryGroup(INSTANCE, 'quiet'))
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } })
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  await once(child.stdout!, 'data')
  return child
}
