import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changes, component, eventually, givenGround } from './given-processes.ts'
import { supervise } from './supervisor.ts'
import { COMPONENT_MARK, endAll, INSTANCE_MARK, processesOf } from './sweep.ts'

t.test('who waits for another starts when the other is healthy, and not before', async (t) => {
  const ground = await givenGround(t)
  const slow = component(ground.processFile, 'slow', { settings: { READY_AFTER_MS: '400' } })
  const late = component(ground.processFile, 'late', { after: ['slow'] })
  const told: string[] = []
  const supervisor = await supervise([late, slow], ground)

  await supervisor.start([], (text) => told.push(text))

  const order = changes(ground)
  t.ok(order.indexOf('late starting') > order.indexOf('slow healthy'))
  t.strictSame(
    told.map((text) => text.split(/ +/).at(-1)),
    ['slow', 'late']
  )
  t.ok(supervisor.statuses().every(({ state, pid, restarts }) => state === 'healthy' && pid !== null && restarts === 0))
  await supervisor.end()
})

t.test('one that dies runs again, and its deaths are counted', async (t) => {
  const ground = await givenGround(t)
  const mortal = component(ground.processFile, 'mortal')
  const supervisor = await supervise([mortal], ground)
  await supervisor.start([], () => {})
  const before = supervisor.statuses()[0]!.pid

  await fetch(`http://${mortal.address}:3000/die`).catch(() => {})
  await eventually(() => supervisor.statuses()[0]!.restarts === 1 && supervisor.statuses()[0]!.state === 'healthy')

  t.not(supervisor.statuses()[0]!.pid, before)
  t.ok(changes(ground).includes('mortal restarting'))
  await supervisor.end()
})

t.test('one that is stopped stays stopped until it is started by name', async (t) => {
  const ground = await givenGround(t)
  const [one, two] = ['one', 'two'].map((name) => component(ground.processFile, name))
  const supervisor = await supervise([one!, two!], ground)
  await supervisor.start([], () => {})
  const stateOf = (name: string) => supervisor.statuses().find((status) => status.name === name)!.state

  await supervisor.stop(['two'])

  t.equal(stateOf('two'), 'stopped')
  t.equal(stateOf('one'), 'healthy')
  await t.rejects(fetch(`http://${two!.address}:3000/readyz`))
  await supervisor.start(['two'], () => {})
  t.equal(stateOf('two'), 'healthy')
  await t.rejects(supervisor.stop(['three']), /there is no component three/)
  await supervisor.end()
})

t.test('one that does not listen to reason ends all the same, with everything it started', async (t) => {
  const ground = await givenGround(t)
  const stubborn = component(ground.processFile, 'stubborn', { stopMsMax: 300, settings: { STUBBORN: '1', CHILD: '1' } })
  const supervisor = await supervise([stubborn], ground)
  await supervisor.start([], () => {})
  t.equal(processesOf(ground.directory, 'stubborn').length, 2)

  await supervisor.end()

  t.strictSame(processesOf(ground.directory), [])
})

t.test('a frozen one can be stopped', async (t) => {
  const ground = await givenGround(t)
  const supervisor = await supervise([component(ground.processFile, 'frozen')], ground)
  await supervisor.start([], () => {})
  process.kill(supervisor.statuses()[0]!.pid!, 'SIGSTOP')

  await supervisor.stop(['frozen'])

  t.equal(supervisor.statuses()[0]!.state, 'stopped')
  await supervisor.end()
})

t.test('a supervisor that is killed leaves nothing running', async (t) => {
  const ground = await givenGround(t)
  const orphans = ['first', 'second'].map((name) => component(ground.processFile, name, { settings: { CHILD: '1', STUBBORN: '1' } }))
  const script = join(ground.directory, 'supervise.ts')
  writeFileSync(
    script,
    `import { supervise } from '${import.meta.dirname}/supervisor.ts'
     const supervisor = await supervise(${JSON.stringify(orphans)}, ${JSON.stringify(ground)})
     await supervisor.start([], () => {})
     console.log('up')`
  )
  const doomed = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(doomed.stdout, 'data')
  t.ok(processesOf(ground.directory).length >= 4)

  doomed.kill('SIGKILL')

  await eventually(() => processesOf(ground.directory).length === 0)
})

t.test('what an earlier run left is ended, and nobody else is', async (t) => {
  const ground = await givenGround(t)
  const left = spawn('sleep', ['300'], {
    detached: true,
    env: { ...process.env, [INSTANCE_MARK]: ground.directory, [COMPONENT_MARK]: 'pg1' }
  })
  const reader = spawn('tail', ['-f', join(ground.directory, 'process.mjs')], { stdio: 'ignore' })
  const neighbour = spawn('sleep', ['300'], { env: { ...process.env, [INSTANCE_MARK]: `${ground.directory}0` } })
  await Promise.all([once(left, 'spawn'), once(reader, 'spawn'), once(neighbour, 'spawn')])

  t.equal(await endAll(ground.directory, 'pg2'), 0)
  t.equal(await endAll(ground.directory), 1)

  t.strictSame([reader.exitCode, neighbour.exitCode, reader.signalCode, neighbour.signalCode], [null, null, null, null])
  reader.kill()
  neighbour.kill()
})
