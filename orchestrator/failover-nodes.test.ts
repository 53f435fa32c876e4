import { rmSync } from 'node:fs'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPatience, type Patience } from '../chassis/patience.ts'
import { transaction } from '../chassis/postgres.ts'
import { type Primary, watchPrimary, watchStandby } from '../chassis/primary.ts'
import { eventually, testNodes } from '../db/test-nodes.ts'

const INSTANCE = 141
const URL = `http://127.${INSTANCE}.3.21:3000`
const TOKEN = 'token-of-the-agents'
const WRITERS = 4
const WHOLE_MS_MAX = 40_000
const log = createLog('test', process.env.LOG_LEVEL ?? 'fatal')
t.setTimeout(240_000)

t.test('three real nodes and their controller', async (t) => {
  const nodes = await testNodes(t, INSTANCE)
  const primary = watchPrimary(nodes.urlOf('owner'), log)
  t.teardown(() => primary.close())
  const patiently = openPatience({ answerMsMax: 8_000, commandsMax: 50 })
  await untilWhole()
  await patiently(() => transaction(primary.pool(), (tx) => tx.query('create table public.notes (note integer primary key)')))

  await t.test('a switchover gives the reign to a standby, and no command of a patient caller fails', async (t) => {
    const before = await untilWhole()
    const writers = write(primary, patiently)
    await writers.progress()

    await eventually(async () => (await ask('/switchover', {})).status === 200) // on a busy machine a node may not be whole at this moment
    const after = await eventually(async () => ((await reign()).ready && (await reign()).epoch > before.epoch ? reign() : undefined))
    await untilWhole()

    t.not(after.leader, before.leader)
    await writers.progress()
    const { failed, acknowledged, slowestMs } = await writers.end()
    t.strictSame(failed, [])
    t.strictSame(await missing(primary, acknowledged), [], 'and nothing acknowledged is lost')
    t.comment(`${acknowledged.length} commits, the slowest in ${slowestMs} ms`)
  })

  await t.test('nobody but an operator asks for it', async (t) => {
    const { epoch } = await reign()

    t.equal((await ask('/switchover', {}, 'another token')).status, 401)
    t.equal((await ask('/recover', { acceptLoss: true }, 'another token')).status, 401)
    t.equal((await ask('/recover', {})).status, 400, 'nor without saying so')
    t.match(await problem(ask('/recover', { acceptLoss: true })), { status: 409, code: 'NO_LOSS_NEEDED' })
    t.equal((await reign()).epoch, epoch)
  })

  await t.test('a primary whose agent is gone reigns on', async (t) => {
    const { leader, epoch } = await untilWhole()
    const writers = write(primary, patiently)
    await nodes.killAgent(leader)
    await eventually(async () => (await reign()).says === 'a primary reigns, and its agent is away')
    await writers.progress()
    nodes.start(leader)
    await untilWhole()

    t.equal((await reign()).epoch, epoch)
    t.strictSame((await writers.end()).failed, [])
  })

  await t.test('a frozen primary is replaced, nobody is refused, and nothing acknowledged is lost', async (t) => {
    const { leader, epoch } = await untilWhole()
    const writers = write(primary, patiently)
    await writers.progress()
    await nodes.freeze(leader)
    await eventually(async () => (await reign()).ready && (await reign()).epoch > epoch)
    await writers.progress()
    nodes.thaw(leader)
    await untilWhole()

    const { failed, acknowledged, slowestMs } = await writers.end()
    t.strictSame(failed, [])
    t.strictSame(await missing(primary, acknowledged), [])
    t.comment(`the slowest commit in ${slowestMs} ms`)
  })

  await t.test('with two dead nodes nobody is promoted, reads go on, and it is said loudly', async (t) => {
    const standby = watchStandby(nodes.urlOf('catalogue'), log)
    t.teardown(() => standby.close())
    const { leader, epoch, streaming } = await untilWhole()
    const [survivor, other] = streaming as [string, string]
    await transaction(primary.pool(), (tx) => tx.query('grant select on public.notes to catalogue'))
    await nodes.kill(leader, other)

    await eventually(async () => (await reign()).loud)

    t.match(await reign(), { ready: false, says: 'fewer than two nodes are ready' })
    t.equal((await nodes.stateOf(survivor)).role, 'standby')
    const read = await eventually(() => standby.pool().query('select count(*)::integer as notes from public.notes'))
    t.ok(read.rows[0].notes > 0)

    nodes.start(other)
    await eventually(async () => (await reign()).ready && (await reign()).epoch > epoch)
    nodes.start(leader)
    await untilWhole()
  })

  await t.test('a person may accept a loss: the one that is left reigns, and empty nodes copy it', async (t) => {
    const { leader, streaming } = await untilWhole()
    const [survivor, other] = streaming as [string, string]
    await nodes.kill(leader, other)
    await eventually(async () => (await reign()).loud)

    t.equal((await ask('/recover', { acceptLoss: true })).status, 200)
    await eventually(async () => (await reign()).leader === survivor)
    for (const node of [leader, other]) rmSync(nodes.directoryOf(node), { recursive: true })
    nodes.start(leader, other)

    await untilWhole()
    t.equal((await reign()).leader, survivor)
    const writers = write(primary, patiently)
    await writers.progress()
    t.strictSame((await writers.end()).failed, [])
  })
})

interface Reign {
  ready: boolean
  loud: boolean
  says: string
  leader: string
  epoch: number
  streaming: string[]
}

async function reign(): Promise<Reign> {
  return (await (await fetch(`${URL}/readyz`)).json()) as Reign
}

function ask(path: string, body: unknown, token = TOKEN): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(`${URL}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function problem(asked: Promise<Response>): Promise<{ status: number; code: string }> {
  return (await (await asked).json()) as { status: number; code: string }
}

/** A primary past its gate, and two that could take over. */
async function untilWhole(): Promise<Reign> {
  return eventually(async () => {
    const seen = await reign()
    return seen.ready && seen.streaming.length === 2 ? seen : undefined
  }, WHOLE_MS_MAX)
}

let next = 0

/** Callers who write one note after the other, each with a number that nobody had. */
function write(primary: Primary, patiently: Patience) {
  const acknowledged: number[] = []
  const failed: string[] = []
  let slowestMs = 0
  let ending = false
  const insert = (note: number) =>
    transaction(primary.pool(), (tx) => tx.query('insert into public.notes values ($1) on conflict do nothing', [note]))
  const writer = async () => {
    while (!ending) {
      const [note, beganMs] = [next++, performance.now()]
      await patiently(() => insert(note)).then(
        () => acknowledged.push(note),
        (err: unknown) => failed.push(String(err))
      )
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - beganMs))
    }
  }
  const writers = Array.from({ length: WRITERS }, writer)
  return {
    /** Resolves when more was acknowledged. */
    async progress() {
      const enough = acknowledged.length + WRITERS * 2
      await eventually(async () => acknowledged.length >= enough || failed.length > 0)
    },
    async end() {
      ending = true
      await Promise.all(writers)
      return { acknowledged, failed, slowestMs }
    }
  }
}

async function missing(primary: Primary, acknowledged: number[]): Promise<number[]> {
  const { rows } = await primary.pool().query<{ note: number }>('select note from public.notes')
  const there = new Set(rows.map(({ note }) => note))
  return acknowledged.filter((note) => !there.has(note))
}
