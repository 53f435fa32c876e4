import { commandLine, endWith } from './arguments.ts'
import { readInstance } from './instance.ts'
import { askFailover, nodesIn, readReign, untilReign } from './reign.ts'

const ELECTED_MS_MAX = 30_000

await main().catch(endWith)

/**
 * For the day on which two of three nodes are gone for good. The one that is
 * left is promoted, and what it does not have is lost: that is a person's
 * decision. Sales go on once another node, empty or not, has copied it.
 */
async function main(): Promise<void> {
  const { instance: number, values } = commandLine({ 'accept-loss': { type: 'boolean' }, json: { type: 'boolean' } } as const)
  const instance = await readInstance(number)
  const reign = await readReign(instance)
  if (!values['accept-loss']) {
    console.log(`${reign.says}\n${nodesIn(reign)}`)
    console.log(
      reign.leader
        ? 'A primary is there: nothing need be accepted.'
        : 'Bring a second node back, and everything goes on with nothing lost. If that cannot be: npm run recover -- --accept-loss\n' +
            'promotes the node that is left. Sales that were acknowledged and are on the lost nodes alone will be gone.'
    )
    process.exitCode = reign.ready ? 0 : 1
    return
  }
  const refused = await askFailover(instance, '/recover', { acceptLoss: true })
  if (refused) throw new Error(`Nothing was done: ${refused.title} (${refused.code}).\n${nodesIn(reign)}`)
  const after = await untilReign(instance, ELECTED_MS_MAX, ({ leader }) => leader !== undefined)
  if (values.json) console.log(JSON.stringify({ leader: after.leader, epoch: after.epoch }))
  else
    console.log(
      `${after.leader} leads reign ${after.epoch}. Sales go on when a second node follows it: start one, empty or not.\n${nodesIn(after)}`
    )
}
