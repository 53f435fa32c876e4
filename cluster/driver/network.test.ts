import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Component, Ground } from '../topology.ts'
import { component, eventually, givenGround } from './given-processes.ts'
import { addressesLack, clearNetwork, cut, divert, giveAddresses, rejoin, straighten } from './network.ts'
import { hasGroups, kernelName } from './place.ts'
import { supervise } from './supervisor.ts'

const INSTANCE = 252
const ELSEWHERE = `127.${INSTANCE}.91.1`
/** Tells who asks, asks others, and counts: over connections that it keeps open. */
const SPEAKER = `
import { createServer } from 'node:http'
let heard = 0
createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://me')
  if (pathname === '/who') heard++
  if (pathname === '/ask') {
    const answer = await fetch(searchParams.get('url'), { signal: AbortSignal.timeout(400) }).catch(() => undefined)
    return response.end(answer ? await answer.text() : 'nothing')
  }
  response.end(pathname === '/heard' ? String(heard) : request.socket.remoteAddress)
}).listen(3000, process.env.LISTEN_ADDRESS)
`
const lack = await addressesLack()

t.test('components that are made for faults', { skip: lack ?? false }, async (t) => {
  const { a, b, ground } = await givenSpeakers(t)

  await t.test('speak from addresses of their own, and whoever tests them does not', async (t) => {
    t.equal(await ask(a, b), a.address)
    t.equal(await ask(b, a), b.address)
    t.equal(await (await fetch(`http://${a.address}:3000/who`)).text(), '127.0.0.1')
  })

  await t.test('can be cut off one way: what is said arrives there, and the answer does not', async (t) => {
    await cut(INSTANCE, b.address, a.address)
    const before = await heard(b)

    t.equal(await ask(a, b), 'nothing')
    t.equal(await heard(b), before + 1, 'it was heard')
    const beforeA = await heard(a)
    t.equal(await ask(b, a), 'nothing')
    t.equal(await heard(a), beforeA, 'what the other says is not even heard')

    await rejoin(INSTANCE)
    t.equal(await ask(a, b), a.address)
  })

  await t.test('can be cut off both ways, and healed', async (t) => {
    await cut(INSTANCE, a.address, b.address)
    await cut(INSTANCE, b.address, a.address)
    const before = await heard(b)

    t.equal(await ask(a, b), 'nothing')
    t.equal(await heard(b), before)

    await rejoin(INSTANCE)
    t.equal(await ask(a, b), a.address)
  })

  await t.test('can be led to another door, which nobody else is led to, and back', async (t) => {
    const elsewhere = createServer((_request, response) => response.end('elsewhere')).listen(0, ELSEWHERE)
    await once(elsewhere, 'listening')
    t.teardown(() => elsewhere.close())
    t.equal(await ask(a, b), a.address, 'over a connection that is kept')

    await divert(INSTANCE, a.name, { host: b.address, port: 3000 }, { host: ELSEWHERE, port: (elsewhere.address() as AddressInfo).port })

    await eventually(async () => (await ask(a, b)) === 'elsewhere')
    t.equal(await (await fetch(`http://${b.address}:3000/who`)).text(), '127.0.0.1')
    t.equal(await ask(b, a), b.address)

    await straighten(INSTANCE)
    elsewhere.closeAllConnections()
    await eventually(async () => (await ask(a, b)) === a.address)
  })

  await t.test('leave nothing behind that the next start does not remove', async (t) => {
    await cut(INSTANCE, a.address, b.address)
    await divert(INSTANCE, a.name, { host: b.address, port: 3000 }, { host: ELSEWHERE, port: 3000 })
    t.match(rules(), kernelName(INSTANCE))
    await ground.supervisor.end()

    await clearNetwork(INSTANCE)

    t.notOk(hasGroups(INSTANCE))
    t.notMatch(rules(), kernelName(INSTANCE))
  })
})

async function givenSpeakers(t: Parameters<typeof givenGround>[0]) {
  const ground: Ground & { processFile: string } = { ...(await givenGround(t)), instance: INSTANCE }
  writeFileSync(ground.processFile, SPEAKER)
  mkdirSync(join(ground.directory, 'logs'), { recursive: true })
  const [a, b] = [1, 2].map((n) => {
    const address = `127.${INSTANCE}.90.${n}`
    return component(ground.processFile, `speaker-${n}`, { address, settings: { LISTEN_ADDRESS: address } })
  }) as [Component, Component]
  await clearNetwork(INSTANCE)
  await giveAddresses(INSTANCE, [a, b])
  t.teardown(() => clearNetwork(INSTANCE))
  const supervisor = await supervise([a, b], ground, 'shaky')
  await supervisor.start([], () => {})
  return { a, b, ground: { ...ground, supervisor } }
}

function rules(): string {
  return ['nat', 'mangle', 'filter'].map((table) => execFileSync('iptables', ['--wait', '-t', table, '-S']).toString()).join('')
}

/** What one hears when it asks another who is asking. */
async function ask(one: Component, other: Component): Promise<string> {
  const url = encodeURIComponent(`http://${other.address}:3000/who`)
  return (await fetch(`http://${one.address}:3000/ask?url=${url}`)).text()
}

async function heard({ address }: Component): Promise<number> {
  return Number(await (await fetch(`http://${address}:3000/heard`)).text())
}
