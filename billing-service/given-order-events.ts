import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'
import type { RowDataPacket } from 'mysql2/promise'
import type { Test } from 'tap'
import { Type } from 'typebox'
import { consume } from '../chassis/consume.ts'
import { createLog } from '../chassis/log.ts'
import { mariaTransaction } from '../chassis/mariadb.ts'
import { contract, EXCHANGE, schemaOf } from '../contracts/contract.ts'
import { testMariadb } from '../db/test-database.ts'
import { registerFailure } from './failed-register.ts'
import { enterHeld } from './hold-register.ts'
import { enterInbox } from './inbox.ts'
import { readerInSequence } from './readers.ts'
import { replayHeld } from './replay-held.ts'
import { storeOf } from './store.ts'

const READERS = 2
const WAIT_MS_MAX = 60_000
const POLL_MS = 20

const Shape = Type.Object({ orderId: Type.String({ format: 'uuid' }), sequence: Type.Integer({ minimum: 1 }) })

/** An event of a test's own kind about an order; with rubbish in it, it is none of its contract. */
export interface Told {
  id: string
  orderId: string
  data: object
}

/** For tests: orders that any number of things happen to, each written down where a rollback takes it away again. */
export async function givenOrderEvents(t: Test) {
  const log = createLog('test', 'fatal')
  const pool = await testMariadb(t)
  await pool.query('create table test_applied (position integer auto_increment primary key, order_id char(36), sequence integer)')
  const kind = contract(`Prueba-${randomUUID()}`, 1, '/test', Shape)
  const queue = `test.${randomUUID()}`
  const spoilt = new Set<string>()
  const reader = readerInSequence(queue, kind, async (tx, { id, type, data }) => {
    if (!(await enterInbox(tx, id, type))) return
    await tx.query('insert into test_applied (order_id, sequence) values (?, ?)', [data.orderId, data.sequence])
    assert(!spoilt.has(id), 'spoilt')
  })
  const readers = [reader]
  let read = 0

  const model = await connect(process.env.TEST_BROKER_URL ?? '')
  const admin = await model.createConfirmChannel()
  t.teardown(async () => {
    for (const name of [queue, `${queue}.retry`]) await admin.deleteQueue(name)
    await model.close()
  })
  for (let i = 0; i < READERS; i++)
    await consume(await model.createConfirmChannel(), log, {
      ...reader,
      retryDelayMs: 50,
      handle: async (event, delivery) => {
        const { followed } = await mariaTransaction(pool, (tx) => reader.take(tx, event, delivery))
        if (followed) await replayHeld(pool, log, readers, event.data.orderId)
        read++
      },
      register: (failure) => registerFailure(pool, failure),
      database: storeOf(() => pool)
    })

  const count = async (table: string) => Number((await pool.query<RowDataPacket[]>(`select count(*) as n from ${table}`))[0][0]?.n)
  const headersOf = ({ id, orderId }: Told) => ({
    'cloudEvents:id': id,
    'cloudEvents:type': kind.type,
    'cloudEvents:subject': orderId,
    'cloudEvents:dataschema': schemaOf(kind)
  })
  const bytesOf = ({ data }: Told) => Buffer.from(JSON.stringify(data))

  return {
    pool,
    readers,
    until,
    /** How many deliveries came to an end that was no failure. */
    read: async () => read,
    tell: (orderId: string, sequence: number, { rubbish = false } = {}): Told => ({
      id: randomUUID(),
      orderId,
      data: { orderId: rubbish ? 'rubbish' : orderId, sequence }
    }),
    spoil: ({ id }: Told) => void spoilt.add(id),
    mend: (told?: Told) => (told ? void spoilt.delete(told.id) : spoilt.clear()),
    publish: async (told: Told) => {
      admin.publish(EXCHANGE, kind.type, bytesOf(told), { messageId: told.id, persistent: true, headers: headersOf(told) })
      await admin.waitForConfirms()
    },
    /** As a process would leave it that dies at once. */
    enterByHand: (told: Told) =>
      mariaTransaction(pool, (tx) =>
        enterHeld(tx, told.id, told.data as { orderId: string; sequence: number }, { queue, headers: headersOf(told), body: bytesOf(told) })
      ),
    held: (events: number) => until(async () => (await count('held_events')) === events),
    failed: (events: number) => until(async () => (await count('failed_events')) === events),
    /** The sequences of what was applied to an order, in the order it happened, once there are as many. */
    applied: async (orderId: string, events: number): Promise<number[]> => {
      const sequences = async () => {
        const [rows] = await pool.query<RowDataPacket[]>('select sequence from test_applied where order_id = ? order by position', [
          orderId
        ])
        return rows.map(({ sequence }) => sequence as number)
      }
      await until(async () => (await sequences()).length >= events)
      return sequences()
    }
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(POLL_MS)) {
    if (performance.now() > deadline) throw new Error('it never came true')
  }
}
