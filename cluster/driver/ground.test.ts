import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { askSupervisor, holdAlone, openDoor } from './door.ts'
import { component } from './given-processes.ts'
import { prepareGround } from './ground.ts'
import { cutLogsOnce } from './logs.ts'
import { takenPorts } from './ports.ts'

t.test('secrets are made once, closed to others, and kept', async (t) => {
  const directory = t.testdir({})

  const first = await prepareGround(directory, 2)
  const second = await prepareGround(directory, 2)

  t.strictSame(second.secrets, first.secrets)
  for (const file of ['secrets.json', 'ticket-keys.json', 'postgres-passwords.json', 'mariadb-passwords.json']) {
    t.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file)
  }
})

t.test('a secret that an older version did not know is added, and the others stay', async (t) => {
  const directory = t.testdir({})
  const { secrets } = await prepareGround(directory, 2)
  const { linkSecret: _, ...older } = secrets
  writeFileSync(join(directory, 'secrets.json'), JSON.stringify({ ...older, postgres: { ...older.postgres, relay: undefined } }))

  const again = await prepareGround(directory, 2)

  t.equal(again.secrets.postgres.owner, secrets.postgres.owner)
  t.equal(again.secrets.broker, secrets.broker)
  t.ok(again.secrets.linkSecret)
  t.ok(again.secrets.postgres.relay)
  t.strictSame(JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')), again.secrets)
})

t.test('data that cannot be used is refused in words', async (t) => {
  const newer = t.testdir({ format: '99\n' })
  await t.rejects(prepareGround(newer, 2), /made by a newer version \(format 99; this one knows \d+\)/)

  const foreign = t.testdir({ data: { pg1: {} } })
  await t.rejects(prepareGround(foreign, 2), /holds data that is not ours/)

  const locked = t.testdir({})
  await prepareGround(locked, 2)
  rmSync(join(locked, 'secrets.json'))
  await t.rejects(prepareGround(locked, 2), /its secrets.json is gone/)

  const old = t.testdir({})
  await prepareGround(old, 2)
  mkdirSync(join(old, 'data', 'pg1', 'data-1'), { recursive: true })
  writeFileSync(join(old, 'data', 'pg1', 'data-1', 'PG_VERSION'), '9\n')
  await t.rejects(prepareGround(old, 2), /was made by PostgreSQL 9, and this machine has \d+/)
})

t.test('a taken port is named with its address and the process that has it', async (t) => {
  const squatter = createServer()
  const taken = component('any.ts', 'taken')
  const free = component('any.ts', 'free')
  await new Promise<void>((resolve) => squatter.listen(3000, taken.address, resolve))

  const complaints = await takenPorts([taken, free], [])

  t.equal(complaints.length, 1)
  t.match(complaints[0], `taken needs ${taken.address}:3000, which is taken by process ${process.pid} (`)
  squatter.close()
})

t.test('a door answers, says, refuses', async (t) => {
  const path = join(t.testdir({ door: 'left by a supervisor that was killed' }), 'door')
  t.equal(await askSupervisor(join(path, '..', 'nobody'), { ask: 'status' }), undefined)

  const server = await openDoor(path, async (request, say) => {
    if (request.ask === 'stop') throw new Error('there is no component x')
    say('working')
    return { pid: 7, statuses: [] }
  })
  const said: string[] = []

  t.strictSame(await askSupervisor(path, { ask: 'status' }, (text) => said.push(text)), { pid: 7, statuses: [] })
  t.strictSame(said, ['working'])
  await t.rejects(askSupervisor(path, { ask: 'stop', names: ['x'] }), /there is no component x/)
  t.equal(statSync(path).mode & 0o777, 0o600)
  server.close()
})

t.test('an instance is run by one process at a time, and by the next when that one lets go', async (t) => {
  const first = await holdAlone(253)
  t.ok(first)
  t.equal(await holdAlone(253), undefined)

  await new Promise((resolve) => first?.close(resolve))

  const second = await holdAlone(253)
  t.ok(second)
  second?.close()
})

t.test('a log that is too long begins anew, keeps its past beside it, and takes the next line', async (t) => {
  const directory = t.testdir({ logs: { 'long.log': 'x'.repeat(100), 'short.log': 'x' } })
  const logs = join(directory, 'logs')
  const writer = openSync(join(logs, 'long.log'), 'a')

  t.equal(cutLogsOnce(directory, 50), 1)
  writeSync(writer, 'next\n')

  t.equal(readFileSync(join(logs, 'long.log'), 'utf8'), 'next\n')
  t.equal(readFileSync(join(logs, 'long.log.1'), 'utf8').length, 100)
  t.equal(readFileSync(join(logs, 'short.log'), 'utf8'), 'x')
  closeSync(writer)
})
