import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { type Instance, ROOT } from '../../cluster/instance.ts'
import { leaderOf } from '../books.ts'
import { machineMs } from '../clock.ts'
import type { Scenario } from '../scenario.ts'

const run = promisify(execFile)
const ORDERS = 5_000
const SALES_PER_SECOND = 60
const SELL_MS_MAX = 300_000
const BARE_SECONDS = 20
const DRAIN_MS_MAX = 1_200_000
/** Documents may come at this share of the rate of nothing but rendering. */
const SHARE_MIN = 0.8

const scenario: Scenario = {
  what: `Nobody makes documents while ${ORDERS} orders are sold; then they do`,
  promise: `They are made at ${SHARE_MIN * 100} % of the rate at which this machine makes PDFs and does nothing else`,
  apart: 'it takes a quarter of an hour, and the machine for itself',
  runs: 1,
  load: { holdsPerSecond: 0, salesPerSecond: SALES_PER_SECOND, purchasesPerSecond: 0 },
  async run(scene) {
    await scene.stop('issue', 'deliver')
    const sold = async () =>
      scene.query(async (client) => (await client.query('select count(*)::integer as count from selling.orders')).rows[0].count as number)
    await scene.eventually('that so much is sold', SELL_MS_MAX, async () => (await sold()) >= ORDERS)
    await scene.load({})
    const orders = await sold()
    const before = await bareRate()

    scene.struck()
    const beganMs = machineMs()
    await scene.start('issue', 'deliver')
    await scene.eventually(
      'the last document',
      DRAIN_MS_MAX,
      async () => (await filesOf(scene.instance)).waiting === 0 && (await filesOf(scene.instance)).orders >= orders
    )
    const seconds = (machineMs() - beganMs) / 1_000
    const { files } = await filesOf(scene.instance)
    const after = await bareRate()

    const bare = (before + after) / 2
    scene.must(`${ORDERS} orders waited`, orders >= ORDERS)
    for (const [what, value] of Object.entries({
      orders,
      files,
      seconds,
      perSecond: files / seconds,
      bareBefore: before,
      bareAfter: after
    }))
      scene.figure(what, Math.round(value * 10) / 10)
    const share = files / seconds / bare
    scene.figure('share', Math.round(share * 1_000) / 1_000)
    scene.say(
      `${files} files of ${orders} orders in ${Math.round(seconds)} s: ${(files / seconds).toFixed(1)}/s, bare ${bare.toFixed(1)}/s, share ${share.toFixed(2)}`
    )
    scene.kept(`the share of the bare rate is ${share.toFixed(2)}`, share >= SHARE_MIN)
    await scene.load({ salesPerSecond: 1 })
    return undefined
  }
}

export default scenario

/** In a process of its own, which does nothing else. */
async function bareRate(): Promise<number> {
  const program = join(ROOT, 'billing-service', 'bare-rendering.ts')
  const { stdout } = await run(process.execPath, [program, '--seconds', String(BARE_SECONDS)], { cwd: ROOT })
  return (JSON.parse(stdout) as { perSecond: number }).perSecond
}

async function filesOf({ mariadbUrls }: Instance): Promise<{ orders: number; files: number; waiting: number }> {
  const connection = await createConnection({ uri: await leaderOf(mariadbUrls.nodes) })
  try {
    const [[row]] = await connection.query<Array<RowDataPacket & { orders: number; files: number; waiting: number }>>(
      `select (select count(*) from orders) as orders, count(*) as files, count(*) - count(rendered_at) as waiting from documents`
    )
    return row!
  } finally {
    await connection.end()
  }
}
