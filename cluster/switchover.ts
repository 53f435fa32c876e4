import { commandLine, endWith } from './arguments.ts'
import { readInstance } from './instance.ts'
import { askFailover, nodesIn, type Reign, readReign, untilReign } from './reign.ts'

const DONE_MS_MAX = 15_000
const WHOLE_MS_MAX = 120_000

await main().catch(endWith)

/** Gives the reign to a standby while everything is well: buyers wait a moment, nobody is refused. */
async function main(): Promise<void> {
  const { instance: number, values } = commandLine({ json: { type: 'boolean' } } as const)
  const instance = await readInstance(number)
  const before = await readReign(instance)
  const beganMs = performance.now()
  const refused = await askFailover(instance, '/switchover', {})
  if (refused) throw new Error(`No switchover: ${refused.title} (${refused.code}).\n${nodesIn(before)}`)
  const after = await untilReign(instance, DONE_MS_MAX, ({ ready, epoch }) => ready && epoch !== undefined && epoch > (before.epoch ?? 0))
  const switchedMs = Math.round(performance.now() - beganMs)
  if (!values.json) console.log(`${after.leader} leads reign ${after.epoch} after ${switchedMs} ms; ${before.leader} is copied anew`)
  const isWhole = ({ ready, streaming, nodes }: Reign) => ready && streaming.length === nodes.length - 1
  const whole = await untilReign(instance, WHOLE_MS_MAX, isWhole).catch(() => undefined) // many GB take longer, and nobody waits for them
  const wholeMs = whole ? Math.round(performance.now() - beganMs) : null
  if (values.json) console.log(JSON.stringify({ from: before.leader, to: after.leader, epoch: after.epoch, switchedMs, wholeMs }))
  else console.log(whole ? `whole again after ${wholeMs} ms\n${nodesIn(whole)}` : `the copy goes on\n${nodesIn(await readReign(instance))}`)
}
