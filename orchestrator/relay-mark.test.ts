import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import t, { type Test } from 'tap'
import { createLog } from '../chassis/log.ts'
import { testDatabase } from '../db/test-database.ts'
import { remind } from './relay-mark.ts'

const log = createLog('test', 'fatal')

t.test('a broker that lost its disk is told again what it had taken, once', async (t) => {
  const { pool, channel, mark, unpublished } = await given(t)

  t.equal(await remind(pool, channel, log, mark), 3)
  t.equal(await unpublished(), 4, 'what was published today, and what never was')

  await pool.query('update selling.outbox set published_at = clock_timestamp() where published_at is null')
  t.equal(await remind(pool, channel, log, mark), 0, 'it remembers now')
  t.equal(await remind(pool, channel, log, mark), 0, 'and goes on remembering')
  t.equal(await unpublished(), 0)

  await channel.deleteQueue(mark)
  t.equal(await remind(pool, channel, log, mark), 4)
})

/** Three events published today, one not published, one published long ago. */
async function given(t: Test) {
  const pool = await testDatabase(t)
  const broker = await connect(process.env.TEST_BROKER_URL ?? '')
  const channel = await broker.createConfirmChannel()
  const mark = `test.mark.${randomUUID()}`
  await pool.query(
    `insert into selling.outbox (event_id, source, type, subject, dataschema, data, time, published_at)
     select gen_random_uuid(), '/test', 'Prueba', gen_random_uuid(), 'test', '{}', clock_timestamp() - age * interval '1 hour',
            case when published then clock_timestamp() end
     from (values (0, true), (1, true), (2, true), (0, false), (30, true)) as event (age, published)`
  )
  t.teardown(async () => {
    await channel.deleteQueue(mark)
    await broker.close()
    await pool.end()
  })
  const unpublished = async () => {
    const { rows } = await pool.query<{ count: number }>('select count(*)::integer as count from selling.outbox where published_at is null')
    return rows[0]!.count
  }
  return { pool, channel, mark, unpublished }
}
