import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { limitMemory, memoryDeaths, memoryGroup, memoryHome, memoryLack, usedBytes } from './memory.ts'
import { addressesLack, clearNetwork } from './network.ts'
import { groupsHome, inGroup, removeGroups } from './place.ts'

const INSTANCE = 250
const MB = 1024 ** 2
/** Takes four megabytes at a time, as often as it is told to. */
const EATER = `
const eaten = []
process.stdin.on('data', (words) => { for (const _ of words) eaten.push(Buffer.alloc(4 * ${MB}, 1)); process.stdout.write('.') })
process.stdout.write('.')
`
const lack = (await addressesLack()) ?? memoryLack()

t.test('the memory of a component', { skip: lack ?? false }, async (t) => {
  t.teardown(() => clearNetwork(INSTANCE))

  await t.test('is counted from its first moment on', async (t) => {
    const eater = await givenEater(t, 'counted')
    const before = usedBytes(INSTANCE, 'counted')

    await feed(eater, 8)

    t.ok(before > 5 * MB, `${before} bytes`)
    t.ok(usedBytes(INSTANCE, 'counted') >= before + 31 * MB)
  })

  await t.test('can be limited: who takes more is killed by the kernel, which counts it, and nobody else is', async (t) => {
    const [eater, other] = [await givenEater(t, 'limited'), await givenEater(t, 'free')]
    limitMemory(INSTANCE, 'limited', usedBytes(INSTANCE, 'limited') + 8 * MB)
    t.equal(memoryDeaths(INSTANCE, 'limited'), 0)

    eater.stdin!.write('x'.repeat(16))
    const [, signal] = await once(eater, 'exit')
    await feed(other, 16)

    t.equal(signal, 'SIGKILL')
    t.equal(memoryDeaths(INSTANCE, 'limited'), 1)
    t.equal(memoryDeaths(INSTANCE, 'free'), 0)
  })

  await t.test('can be given back: then it takes what it likes', async (t) => {
    const eater = await givenEater(t, 'relieved')
    limitMemory(INSTANCE, 'relieved', usedBytes(INSTANCE, 'relieved') + 8 * MB)

    limitMemory(INSTANCE, 'relieved')

    await feed(eater, 16)
    t.equal(eater.exitCode, null)
  })

  await t.test('leaves no group behind', async (t) => {
    const home = memoryHome()!
    memoryGroup(INSTANCE, 'left')

    for (const each of new Set([home, groupsHome()])) removeGroups(INSTANCE, each)

    t.throws(() => usedBytes(INSTANCE, 'left'), /ENOENT/)
  })
})

async function givenEater(t: { teardown: (end: () => unknown) => void }, component: string): Promise<ChildProcess> {
  const plain = { command: process.execPath, args: ['-e', EATER], env: {}, user: undefined, cwd: '/' }
  const { command, args } = inGroup(INSTANCE, component, plain, memoryGroup(INSTANCE, component))
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH } })
  t.teardown(() => end(child))
  await once(child.stdout!, 'data')
  return child
}

async function feed(eater: ChildProcess, pieces: number): Promise<void> {
  eater.stdin!.write('x'.repeat(pieces))
  await once(eater.stdout!, 'data')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
