import t from 'tap'
import { Refusal } from '../chassis/errors.ts'
import type { NodeState } from '../chassis/postgres-node.ts'
import { decide, noted } from './failover.ts'
import { type Action, type Decision, type Memory, NOTHING_YET } from './failover-decision.ts'

const IDENTIFIER = '7710784471584324093'

t.test('creating the cluster', async (t) => {
  t.strictSame(
    decided([empty('pg1'), empty('pg2'), empty('pg3')]).actions,
    [{ order: 'bootstrap', node: 'pg1', term: { epoch: 1, id: 'bootstrap' } }],
    'begins when all three say that they never held data'
  )
  t.strictSame(decided([empty('pg1'), empty('pg2'), undefined]).actions, [], 'waits for the node that says nothing')
  t.strictSame(
    decided([empty('pg1'), empty('pg2'), { ...empty('pg3'), systemIdentifier: IDENTIFIER }]).actions,
    [],
    'never happens where a node knows a cluster it lost the data of'
  )
  t.strictSame(
    ordersOf(decided([standby('pg1', { rowEpoch: 0, followed: led('pg1', 1), promise: term(1) }), empty('pg2'), empty('pg3')])),
    ['bootstrap pg1'],
    'is taken up again where nobody reigned yet'
  )
  t.strictSame(
    ordersOf(decided([standby('pg1', { rowEpoch: 1, followed: led('pg1', 1) }), empty('pg2'), empty('pg3')])),
    [],
    'is not taken up over data that clients may have seen'
  )
})

t.test('serving a reign', async (t) => {
  const primary = leader('pg1', 4)

  t.strictSame(ordersOf(decided([primary, follower('pg2', 4), follower('pg3', 4)])), [], 'has nothing to do when all follow')
  const [follow] = decided([primary, follower('pg2', 4), standby('pg3', { followed: led('pg1', 4) })]).actions
  t.match(
    follow,
    { order: 'follow', node: 'pg3', follow: { term: term(4), leader: 'pg1', mayCopy: true } },
    'calls back who does not follow'
  )
  t.strictSame(ordersOf(decided([primary, follower('pg2', 4), { ...empty('pg3'), copying: true }])), [], 'leaves a copy under way alone')
  t.strictSame(
    ordersOf(decided([primary, follower('pg2', 4), leader('pg3', 3)])),
    ['follow pg3'],
    'tells a primary of an earlier reign to follow'
  )
  t.strictSame(
    decided([primary, { ...follower('pg2', 4), systemIdentifier: '1' }, undefined]),
    { says: 'nodes of different clusters', actions: [], memory: NOTHING_YET },
    'touches nothing when the nodes are not of one cluster'
  )
})

t.test('the gate', async (t) => {
  const primary = leader('pg1', 5, { rowEpoch: 4 })
  const copies = (decision: Decision) => decision.actions.map((action) => action.order === 'follow' && action.follow.mayCopy)

  t.strictSame(ordersOf(decided([primary, standby('pg2'), standby('pg3')])), ['follow pg2', 'follow pg3'], 'waits for a follower')
  t.strictSame(ordersOf(decided([primary, follower('pg2', 5), standby('pg3')])), ['follow pg3', 'gate pg1'], 'opens with the first one')
  t.strictSame(
    copies(decided([primary, standby('pg2'), standby('pg3', { needsCopy: true })])),
    [false, false],
    'is not made to wait for a copy'
  )
  t.strictSame(
    copies(decided([primary, empty('pg2'), standby('pg3', { needsCopy: true })])),
    [true, true],
    'is opened by a copy when nothing else can open it'
  )
  const stuck = after(decided([primary, standby('pg2'), standby('pg3')]), 30_000, [primary, standby('pg2'), standby('pg3')])
  t.strictSame(ordersOf(stuck), ['prepare pg1', 'prepare pg2', 'prepare pg3'], 'that does not open is left for another reign')
})

t.test('an election', async (t) => {
  const nodes = [standby('pg1', { lsn: 50 }), standby('pg2', { promise: term(7) }), standby('pg3')] as const
  const begun = decided([...nodes])

  t.strictSame(
    begun.actions.map((action) => action.order === 'prepare' && action.term),
    [1, 2, 3].map(() => ({ epoch: 8, id: 'new' })),
    'prepares all, above every promise'
  )
  t.strictSame(ordersOf(decided([nodes[0], nodes[1], undefined])), [], 'of two nodes waits for the third')
  t.strictSame(
    ordersOf(after(decided([nodes[0], nodes[1], undefined]), 10_000, [nodes[0], nodes[1], undefined])),
    ['prepare pg1', 'prepare pg2'],
    'but not for ever'
  )
  t.equal(decided([nodes[0], undefined, undefined]).says, 'fewer than two nodes are ready')
  t.strictSame(ordersOf(decided([leader('pg1', 4), standby('pg2', { promise: term(5) }), follower('pg3', 4)])), [
    'prepare pg1',
    'prepare pg2',
    'prepare pg3'
  ])
})

t.test('the reign goes to the prepared node that has most', async (t) => {
  const nodes = [standby('pg1'), standby('pg2'), standby('pg3')]
  const begun = decided(nodes)
  const won = (reports: Record<string, [rowEpoch: number, lsn: number]>) => {
    let { memory } = begun
    for (const action of begun.actions) {
      const report = reports[action.node]
      if (report) memory = noted(memory, action, { rowEpoch: report[0], lsn: report[1] })
    }
    return after({ ...begun, memory }, 3_000, nodes)
  }

  t.strictSame(ordersOf(won({ pg1: [3, 10], pg2: [4, 5], pg3: [3, 99] })), ['promote pg2'], 'a newer reign counts more than a longer WAL')
  t.strictSame(ordersOf(won({ pg1: [4, 10], pg2: [4, 11], pg3: [4, 9] })), ['promote pg2'], 'the longer WAL within one reign')
  t.strictSame(ordersOf(won({ pg3: [4, 10], pg2: [4, 10] })), ['promote pg2'], 'the first by name among equals')
  t.strictSame(ordersOf(won({ pg3: [4, 10] })), ['prepare pg1', 'prepare pg2'], 'one prepared node alone never reigns')

  const promoting = won({ pg1: [4, 10], pg2: [4, 11], pg3: [4, 9] })
  t.strictSame(ordersOf(after(promoting, 3_100, nodes)), [], 'a second one is never promoted in the same term')
  t.strictSame(
    ordersOf(after(promoting, 60_000, nodes)),
    ['prepare pg1', 'prepare pg2', 'prepare pg3'],
    'a later term follows when nothing came of it'
  )
  const refused = noted(promoting.memory, promoting.actions[0] as Action, new Refusal('NOT_PREPARED', 409, '', {}))
  t.strictSame(ordersOf(after({ ...promoting, memory: refused }, 3_100, nodes)).length, 3, 'and at once when the node refused')
})

function decided(states: Array<NodeState | undefined>, memory: Memory = NOTHING_YET, nowMs = 0): Decision {
  const nodes = states.map((state, at) => ({ node: `pg${at + 1}`, state }))
  return decide({ nowMs, nodes, memory, newId: 'new' })
}

function after({ memory }: Decision, nowMs: number, states: Array<NodeState | undefined>): Decision {
  return decided(states, memory, nowMs)
}

function ordersOf({ actions }: Decision): string[] {
  return actions.map(({ order, node }) => `${order} ${node}`)
}

function term(epoch: number) {
  return { epoch, id: `election-${epoch}` }
}

function led(leader: string, epoch: number) {
  return { epoch, leader }
}

function standby(node: string, change: Partial<NodeState> = {}): NodeState {
  return {
    ...{
      node,
      role: 'standby',
      systemIdentifier: IDENTIFIER,
      promise: term(4),
      followed: led('pg1', 4),
      ledFrom: null,
      rowEpoch: 4,
      lsn: 100
    },
    ...{ upstream: null, streaming: false, copying: false, needsCopy: false },
    ...change
  }
}

function empty(node: string): NodeState {
  const nothing = { systemIdentifier: null, promise: { epoch: 0, id: '' }, followed: null, rowEpoch: null, lsn: null }
  return standby(node, { role: 'empty', ...nothing })
}

function leader(node: string, epoch: number, change: Partial<NodeState> = {}): NodeState {
  const ledFrom = { followed: led('pg1', epoch - 1), lsn: 90 }
  return standby(node, { role: 'primary', promise: term(epoch), followed: led(node, epoch), ledFrom, rowEpoch: epoch, ...change })
}

function follower(node: string, epoch: number): NodeState {
  return standby(node, { promise: term(epoch), followed: led('pg1', epoch), upstream: 'pg1', streaming: true })
}
