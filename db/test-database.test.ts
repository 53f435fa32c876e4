import t from 'tap'
import { testDatabase, testMariadb } from './test-database.ts'

t.test('a test gets a migrated PostgreSQL database of its own, with the rights of the role it asks for', async (t) => {
  const [mine, yours] = [await testDatabase(t), await testDatabase(t, 'relay')]

  await mine.query(
    "insert into selling.outbox (event_id, source, type, subject, dataschema, data) values (gen_random_uuid(), '', '', '', '', '{}')"
  )

  t.equal((await mine.query('select from selling.outbox')).rowCount, 1)
  t.equal((await yours.query('select from selling.outbox')).rowCount, 0)
  await t.rejects(yours.query('select from selling.seats'), { code: '42501' })
})

t.test('a test gets a migrated MariaDB database of its own', async (t) => {
  const pool = await testMariadb(t)

  const [rows] = await pool.query('select document, last from folios')

  t.strictSame(rows, [{ document: 'boleta', last: 0 }])
})
