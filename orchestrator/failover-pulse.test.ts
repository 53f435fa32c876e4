import pg from 'pg'
import t, { type Test } from 'tap'
import { testDatabaseUrl } from '../db/test-database.ts'
import { eventually } from '../db/test-nodes.ts'
import { openPulses, type Pulses } from './failover-pulse.ts'

const PASS_MS = 20
const NOBODY = 'postgres://control@127.142.0.1:9/ticketflow'

t.test('a node that commits is never silent for long', async (t) => {
  const { pulses } = await given(t, 7)

  await eventually(async () => pulses.take('pg1').epoch === 7)
  const { silentMs, refused } = pulses.take('pg1')
  t.ok(silentMs < 1_000)
  t.notOk(refused)
})

t.test('a node that leads no reign in force is silent', async (t) => {
  const { pulses, client } = await given(t, 7)
  await eventually(async () => pulses.take('pg1').epoch === 7)

  await client.query("update public.reign set node = 'another'")

  await eventually(async () => pulses.take('pg1').epoch === null)
  await eventually(async () => pulses.take('pg1').silentMs > 100)
})

t.test('one that answers and cannot commit is silent', async (t) => {
  const { pulses, client } = await given(t, 7)
  await eventually(async () => pulses.take('pg1').epoch === 7)

  await client.query('begin; lock table public.reign in access exclusive mode') // its questions about the reign are answered no more

  await eventually(async () => pulses.take('pg1').silentMs > 500)
  await client.query('rollback')
  await eventually(async () => pulses.take('pg1').silentMs < 200)
})

t.test('where nobody listens, that is known at once', async (t) => {
  const pulses = openPulses([{ node: 'pg1', url: NOBODY }], PASS_MS)
  t.teardown(() => pulses.close())

  await eventually(async () => pulses.take('pg1').refused)
})

t.test('the lag of the one who listens is nobody’s silence', async (t) => {
  const pulses = openPulses([{ node: 'pg1', url: NOBODY }], PASS_MS)
  t.teardown(() => pulses.close())
  const { silentMs } = pulses.take('pg1')
  for (const untilMs = performance.now() + 600; performance.now() < untilMs; );

  t.ok(pulses.take('pg1').silentMs - silentMs <= 2 * PASS_MS)
})

/** A database in which its own server reigns. */
async function given(t: Test, epoch: number): Promise<{ pulses: Pulses; client: pg.Client }> {
  const url = await testDatabaseUrl(t)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create table if not exists public.reign (epoch bigint, node text, timeline integer)')
  await client.query(
    `insert into public.reign values ($1, current_setting('cluster_name'),
       ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer)`,
    [epoch]
  )
  const pulses = openPulses([{ node: 'pg1', url }], PASS_MS)
  t.teardown(async () => {
    pulses.close()
    await client.end()
  })
  return { pulses, client }
}
