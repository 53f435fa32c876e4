import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import t from 'tap'
import { firstReign, follow, prepareAll } from './test-election.ts'
import { eventually, testNodes } from './test-nodes.ts'

const INSTANCE = 115
const REFUSED = { code: 'PROMISED_HIGHER' }

t.setTimeout(180_000)

t.test('a node that has promised', async (t) => {
  const nodes = await testNodes(t, INSTANCE, ['pg1', 'pg2', 'pg3'])
  const reign = await firstReign(nodes)

  await t.test('a promise outlives the agent that gave it, and its PostgreSQL', async (t) => {
    await prepareAll(nodes, 5, ['pg2'])

    for (const end of [nodes.killAgent, nodes.kill]) {
      await end('pg2')
      nodes.start('pg2')
      await untilStandby('pg2')

      t.match(await nodes.stateOf('pg2'), { promise: { epoch: 5, id: 'election-5' } })
      await t.rejects(prepareAll(nodes, 4, ['pg2']), REFUSED, 'an election that is over')
      await t.rejects(follow(nodes, reign, 'pg2'), REFUSED, 'the reign before it')
    }
  })

  await t.test('data that are put back as they were do not bring back an earlier promise', async (t) => {
    const data = nodes.dataOf('pg3')
    const aside = `${nodes.directoryOf('pg3')}/aside`
    await nodes.stop('pg3')
    execFileSync('cp', ['--archive', data, aside])
    nodes.start('pg3')
    await untilStandby('pg3')
    await prepareAll(nodes, 6, ['pg3'])

    await nodes.stop('pg3')
    rmSync(data, { recursive: true })
    execFileSync('cp', ['--archive', aside, data])
    nodes.start('pg3')
    await untilStandby('pg3')

    t.match(await nodes.stateOf('pg3'), { promise: { epoch: 6, id: 'election-6' } })
    await t.rejects(prepareAll(nodes, 5, ['pg3']), REFUSED)
    await t.rejects(follow(nodes, reign, 'pg3'), REFUSED)
  })

  async function untilStandby(node: string): Promise<void> {
    await eventually(async () => (await nodes.stateOf(node)).role === 'standby')
  }
})
