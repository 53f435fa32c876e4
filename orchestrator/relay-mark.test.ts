import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool } from '../chassis/postgres.ts'
import { EXCHANGE } from '../contracts/contract.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { eventually, givenProcess, TOKEN } from './given.ts'
import { remind } from './relay-mark.ts'

const BROKER_URL = process.env.TEST_BROKER_URL ?? ''
const log = createLog('test', 'fatal')

t.test('a broker that lost its disk is told again what it had taken, once', async (t) => {
  const { pool, channel, mark, unpublished } = await given(t)

  t.equal(await remind(pool, channel, log, { mark }), 3)
  t.equal(await unpublished(), 4, 'what was published today, and what never was')

  await pool.query('update selling.outbox set published_at = clock_timestamp() where published_at is null')
  t.equal(await remind(pool, channel, log, { mark }), 0, 'it remembers now')
  t.equal(await remind(pool, channel, log, { mark }), 0, 'and goes on remembering')
  t.equal(await unpublished(), 0)

  await channel.deleteQueue(mark)
  t.equal(await remind(pool, channel, log, { mark }), 4)
})

t.test('the outbox is read from its end, page by page, as far as the first page with something old and no further', async (t) => {
  const { pool, channel, mark } = await given(t)
  await pool.query('truncate selling.outbox restart identity')
  await insertEvents(pool, ['1 published', '30 published', '29 published', '3 published', '2 unpublished', '2 published', '1 published'])

  t.equal(await remind(pool, channel, log, { mark, batchMax: 2 }), 3)

  const { rows } = await pool.query<{ position: number }>(
    'select position::integer from selling.outbox where published_at is null order by position'
  )
  t.strictSame(
    rows.map(({ position }) => position),
    [4, 5, 6, 7],
    'the one that lies below a page with old ones is not found, so nobody looked there'
  )
})

t.test('a page of what waits to be published ends nothing, and neither does a full last page', async (t) => {
  const { pool, channel, mark } = await given(t)
  await pool.query('truncate selling.outbox restart identity')
  await insertEvents(pool, ['1 published', '1 published', '0 unpublished', '0 unpublished'])

  t.equal(await remind(pool, channel, log, { mark, batchMax: 2 }), 2)
})

t.test('relays that look at once all see the mark, and so does one that looks while somebody holds it', async (t) => {
  const { pool, channel, mark, open } = await given(t)
  await remind(pool, channel, log, { mark })
  await pool.query('update selling.outbox set published_at = clock_timestamp() where published_at is null')
  const channels = await Promise.all(Array.from({ length: 12 }, open))

  const told = await Promise.all(channels.map((channel) => remind(pool, channel, log, { mark })))

  t.strictSame(told, Array(12).fill(0))
  const held = await channel.get(mark)
  if (!held) throw new Error('no mark')
  const looking = remind(pool, channels[0]!, log, { mark })
  await channels[0]!.checkQueue(mark) // answered in turn: the first look has found nothing by now
  channel.nack(held, false, true)
  t.equal(await looking, 0)
})

t.test('what is new leaves also while nothing old can be told again', async (t) => {
  const { pool, url, channel } = await given(t)
  await pool.query(
    `create function selling.refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
     create trigger refuse before update on selling.outbox
     for each row when (old.published_at is not null and new.published_at is null) execute function selling.refuse()`
  )
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
  await channel.bindQueue(queue, EXCHANGE, 'Prueba')
  await channel.deleteQueue('relay.mark') // as a broker that has lost its disk

  await givenProcess(t, 'orchestrator/relay.main.ts', 'http://127.105.1.3:3000', {
    OUTBOX_NODES: `${url}?options=-c%20role%3Drelay`,
    BROKER_URL,
    RELAY_IDLE_MS: '50',
    ORCHESTRATOR_TO_RELAY_TOKEN: TOKEN
  })

  await eventually(async () => (await channel.checkQueue(queue)).messageCount === 1)
})

/** Three events published today, one not published, one published long ago. */
async function given(t: Test) {
  const url = await testDatabaseUrl(t)
  const pool = openPool(url, log)
  const broker = await connect(BROKER_URL)
  const channel = await broker.createConfirmChannel()
  const mark = `test.mark.${randomUUID()}`
  await insertEvents(pool, ['0 published', '1 published', '2 published', '0 unpublished', '30 published'])
  t.teardown(async () => {
    await channel.deleteQueue(mark)
    await broker.close()
    await pool.end()
  })
  const unpublished = async () => {
    const { rows } = await pool.query<{ count: number }>('select count(*)::integer as count from selling.outbox where published_at is null')
    return rows[0]!.count
  }
  return { pool, url, channel, mark, unpublished, open: () => broker.createConfirmChannel() }
}

/** @param events - How many hours ago, and whether it is published, in the order of their positions. */
async function insertEvents(pool: Pool, events: string[]): Promise<void> {
  await pool.query(
    `insert into selling.outbox (event_id, source, type, subject, dataschema, data, time, published_at)
     select gen_random_uuid(), '/test', 'Prueba', gen_random_uuid(), 'test', '{}',
            clock_timestamp() - split_part(event, ' ', 1)::integer * interval '1 hour',
            case split_part(event, ' ', 2) when 'published' then clock_timestamp() end
     from unnest($1::text[]) with ordinality as given (event, nr)
     order by nr`,
    [events]
  )
}
