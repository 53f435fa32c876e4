import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { EXCHANGE } from '../contracts/contract.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { endProcess, eventually, givenProcess, TOKEN } from './given.ts'
import { publishAgain, relayOnce } from './relay.ts'
import { sessionName, takeOverClaims, withSessionName } from './relay-claims.ts'

const BROKER_URL = process.env.TEST_BROKER_URL ?? ''
const log = createLog('test', 'fatal')

t.test('an event leaves as a CloudEvent in a persistent message, once it is taken it is marked, and it does not leave again', async (t) => {
  const { pool, channel, type, received, announced } = await givenQueue(t)
  const [eventId] = await announced(1)

  const moved = await relayOnce(pool, channel, log)

  t.equal(moved, 1)
  const message = await eventually(async () => received()[0])
  t.equal(message.properties.messageId, eventId)
  t.equal(message.properties.deliveryMode, 2)
  t.strictSame(JSON.parse(message.content.toString()), { n: 1 })
  t.match(message.properties.headers, { 'cloudEvents:id': eventId, 'cloudEvents:specversion': '1.0', 'cloudEvents:type': type })
  t.match(message.properties.headers?.['cloudEvents:time'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  t.equal(await relayOnce(pool, channel, log), 0)
})

t.test('an event that no queue takes stays, is tried again later and not at once, and leaves when somebody reads', async (t) => {
  const { pool, channel, type, queue, received, announced } = await givenQueue(t)
  await channel.unbindQueue(queue, EXCHANGE, type)
  await announced(1)

  t.equal(await relayOnce(pool, channel, log), 0)
  t.equal(await relayOnce(pool, channel, log), 0)
  const { rows } = await pool.query('select claims, published_at, claimed_until > clock_timestamp() as waits from selling.outbox')
  t.strictSame(rows, [{ claims: 1, published_at: null, waits: true }], 'claimed once: the second pass left it alone')

  await channel.bindQueue(queue, EXCHANGE, type)
  await eventually(async () => (await relayOnce(pool, channel, log)) === 1)
  await eventually(async () => received().length === 1)
})

t.test('an event whose confirm never comes stays, and the same id is published again', async (t) => {
  const { pool, channel, received, announced } = await givenQueue(t)
  const [eventId] = await announced(1)

  const silent = await connect(BROKER_URL)
  silent.on('error', () => {})
  let givenUp = false
  silent.on('close', () => {
    givenUp = true
  })

  t.equal(await relayOnce(pool, deaf(await silent.createConfirmChannel()), log), 0)
  await eventually(async () => givenUp)
  await pool.query('update selling.outbox set claimed_until = null')
  t.equal(await relayOnce(pool, channel, log), 1)

  const messages = await eventually(async () => received().length === 2 && received())
  t.strictSame(
    messages.map(({ properties }) => properties.messageId),
    [eventId, eventId]
  )
})

t.test('two relays at once publish every event, and none twice while both live', async (t) => {
  const { pool, channel, received, announced } = await givenQueue(t)
  const ids = await announced(1_200)

  await Promise.all([drain(pool, channel), drain(pool, channel)])

  await eventually(async () => received().length === ids.length)
  t.strictSame(new Set(received().map(({ properties }) => properties.messageId)), new Set(ids))
})

t.test('what a dead relay had claimed is taken over when its claim has run out, not before', async (t) => {
  const { pool, channel, announced } = await givenQueue(t)
  await announced(1)
  await pool.query("update selling.outbox set claims = 1, claimed_until = clock_timestamp() + interval '30 seconds'")
  t.equal(await relayOnce(pool, channel, log), 0)

  await pool.query("update selling.outbox set claimed_until = clock_timestamp() - interval '1 second'")

  t.equal(await relayOnce(pool, channel, log), 1)
})

t.test('a relay that starts takes over what was claimed, unless another relay is there that may be publishing it', async (t) => {
  const { pool, node, announced } = await givenQueue(t)
  await announced(2)
  await pool.query("update selling.outbox set claims = 1, claimed_until = clock_timestamp() + interval '1 hour'")
  const own = sessionName()
  const other = openPool(withSessionName(node, sessionName()), log)
  const mine = openPool(withSessionName(`${node}?options=-c%20role%3Drelay`, own), log)
  t.teardown(() => Promise.all([mine.end(), other.ended || other.end()]))
  await other.query('select 1')

  t.equal(await takeOverClaims(mine, own), 0)

  await other.end()
  t.equal(await eventually(async () => (await takeOverClaims(mine, own)) || undefined), 2)
})

t.test('a relay killed anywhere between claim, publish and mark loses nothing, and the next one goes on at once', async (t) => {
  const { node, owner, received, announced } = await givenQueue(t)
  const file = join(t.testdir(), 'crashes')
  const env = {
    OUTBOX_NODES: `${node}?options=-c%20role%3Drelay`,
    BROKER_URL,
    RELAY_IDLE_MS: '50',
    ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN,
    CRASH_POINTS_FILE: file
  }
  writeFileSync(file, '')
  for (const [place, copies] of [
    ['relay-claimed', 1],
    ['relay-published', 2],
    ['relay-marked', 1]
  ] as const) {
    const relay = await givenProcess(t, 'orchestrator/relay.main.ts', 'http://127.105.1.2:3000', env)
    writeFileSync(file, place)
    const [id] = await announced(1)
    await eventually(async () => relay.signalCode === 'SIGKILL')
    t.equal(readFileSync(file, 'utf8'), '')
    await owner.query("update selling.outbox set claimed_until = claimed_until + interval '1 hour'") // it is not the clock that gives them back
    const next = await givenProcess(t, 'orchestrator/relay.main.ts', 'http://127.105.1.2:3000', env)
    await eventually(async () => (await owner.query('select from selling.outbox where published_at is null')).rowCount === 0)
    await endProcess(next)

    await eventually(async () => received().filter(({ properties }) => properties.messageId === id).length === copies)
  }
})

t.test('a subject published again sends its own events with their ids, and no other', async (t) => {
  const { pool, owner, channel, received, announced } = await givenQueue(t)
  const ids = await announced(2)
  await relayOnce(pool, channel, log)

  t.equal(await publishAgain(pool, await subjectOf(owner, ids[0])), 1)
  t.equal(await publishAgain(pool, randomUUID()), 0)
  await relayOnce(pool, channel, log)

  const messages = await eventually(async () => received().length === 3 && received())
  t.equal(messages.filter(({ properties }) => properties.messageId === ids[0]).length, 2)
})

t.test('the process relays what the bell rings for, knows its token, and goes on where a killed one stopped', async (t) => {
  const url = 'http://127.105.1.1:3000'
  const { node, owner, received, announced } = await givenQueue(t)
  const env = { OUTBOX_NODES: `${node}?options=-c%20role%3Drelay`, BROKER_URL, RELAY_IDLE_MS: '60000', ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN }
  const first = await givenProcess(t, 'orchestrator/relay.main.ts', url, env)
  await eventually(async () => (await fetch(`${url}/readyz`)).ok)
  await sleep(500) // the bell hangs

  const [early] = await announced(1)
  await owner.query('notify outbox')
  await eventually(async () => received().length === 1, 5_000)
  await eventually(async () => (await owner.query('select from selling.outbox where published_at is null')).rowCount === 0)
  await endProcess(first)
  const [late] = await announced(1)
  await givenProcess(t, 'orchestrator/relay.main.ts', url, env)
  await eventually(async () => received().length === 2)
  await eventually(async () => (await owner.query('select from selling.outbox where published_at is null')).rowCount === 0)

  t.strictSame(
    received().map(({ properties }) => properties.messageId),
    [early, late]
  )
  const path = `/subjects/${await subjectOf(owner, early)}/again`
  const again = (token: string) => fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  t.equal((await again('another')).status, 401)
  t.strictSame(await (await again(TOKEN)).json(), { events: 1 })
  await eventually(async () => received().length === 3)
})

t.test('the process relays what no bell rang for: it looks by itself when it has rested', async (t) => {
  const url = 'http://127.105.1.1:3000'
  const { node, owner, received, announced } = await givenQueue(t)
  const env = { OUTBOX_NODES: `${node}?options=-c%20role%3Drelay`, BROKER_URL, RELAY_IDLE_MS: '1000', ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN }
  await givenProcess(t, 'orchestrator/relay.main.ts', url, env)
  await eventually(async () => (await fetch(`${url}/readyz`)).ok)
  await announced(1)
  await eventually(async () => received().length === 1)
  await eventually(async () => (await owner.query('select from selling.outbox where published_at is null')).rowCount === 0)
  await sleep(500) // it rests

  await announced(1)

  await eventually(async () => received().length === 2, 5_000)
})

/** An outbox, and a queue of this test's own for a type of event of its own, with what has arrived in it. */
async function givenQueue(t: Test) {
  const node = await testDatabaseUrl(t)
  const owner = openPool(node, log)
  const pool = openPool(`${node}?options=-c%20role%3Drelay`, log)
  const broker = await connect(BROKER_URL)
  const channel = await broker.createConfirmChannel()
  const type = `Prueba${randomUUID().replaceAll('-', '')}`
  const { queue } = await channel.assertQueue(type, { exclusive: true })
  await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
  await channel.bindQueue(queue, EXCHANGE, type)
  const received: ConsumeMessage[] = []
  await channel.consume(queue, (message) => message && received.push(message), { noAck: true })
  t.teardown(async () => {
    await broker.close()
    await Promise.all([owner.end(), pool.end()])
  })
  return {
    node,
    owner,
    pool,
    channel,
    type,
    queue,
    received: () => received,
    announced: (events: number) => announced(owner, type, events)
  }
}

/** Events 1 to n, each about a subject of its own. @returns Their ids. */
async function announced(owner: Pool, type: string, events: number): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into selling.outbox (event_id, source, type, subject, dataschema, data)
     select gen_random_uuid(), '/test', $1, gen_random_uuid()::text, 'urn:test', jsonb_build_object('n', n)
     from generate_series(1, $2::integer) n
     returning event_id as id`,
    [type, events]
  )
  return rows.map(({ id }) => id)
}

async function subjectOf(owner: Pool, eventId: string | undefined): Promise<string> {
  const { rows } = await owner.query<{ subject: string }>('select subject from selling.outbox where event_id = $1', [eventId])
  return rows[0]?.subject ?? ''
}

async function drain(pool: Pool, channel: ConfirmChannel): Promise<void> {
  while ((await relayOnce(pool, channel, log)) > 0);
}

/** Publishes, and never hears the broker's word on it. */
function deaf(channel: ConfirmChannel): ConfirmChannel {
  const publish: ConfirmChannel['publish'] = (exchange, key, content, options) => channel.publish(exchange, key, content, options)
  return Object.create(channel, { publish: { value: publish } }) as ConfirmChannel
}
