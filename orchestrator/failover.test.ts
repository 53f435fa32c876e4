import t from 'tap'
import { Refusal } from '../chassis/errors.ts'
import type { NodeState } from '../chassis/postgres-node.ts'
import { noted } from './failover.ts'
import { type Action, type Decision, LIMITS, type Memory, NOTHING_YET, type Pulse } from './failover-decision.ts'
import { decided, empty, follower, IDENTIFIER, leader, led, ordersOf, reported, SILENT, standby, term } from './given-decision.ts'

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
  const copying = (epoch: number) => ({ ...empty('pg3'), promise: term(epoch), copying: true })
  t.strictSame(ordersOf(decided([primary, follower('pg2', 4), copying(4)])), [], 'leaves a copy under way alone')
  t.strictSame(ordersOf(decided([primary, follower('pg2', 4), copying(3)])), ['follow pg3'], 'but not one for an earlier reign')
  t.strictSame(
    ordersOf(decided([primary, follower('pg2', 4), leader('pg3', 3)])),
    ['follow pg3'],
    'tells a primary of an earlier reign to follow'
  )
  t.strictSame(
    decided([primary, { ...follower('pg2', 4), systemIdentifier: '1' }, undefined]),
    {
      ...decided([primary, { ...follower('pg2', 4), systemIdentifier: '1' }, undefined]),
      says: 'nodes of different clusters',
      loud: true,
      actions: []
    },
    'touches nothing when the nodes are not of one cluster'
  )
})

t.test('the gate', async (t) => {
  const primary = leader('pg1', 5, { rowEpoch: 4 })
  const copies = ({ actions }: Decision) => actions.flatMap((action) => (action.order === 'follow' ? action.follow.mayCopy : []))

  t.strictSame(
    ordersOf(decided([primary, standby('pg2'), standby('pg3')])),
    ['follow pg2', 'follow pg3', 'gate pg1'],
    'is the first commit of a reign, and waits for a follower by itself'
  )
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
  const waiting = [primary, standby('pg2'), standby('pg3')]
  const stuck = decided(waiting, { memory: decided(waiting).memory, nowMs: LIMITS.gateMs + 1 })
  t.strictSame(ordersOf(stuck), ['prepare pg2', 'prepare pg3'], 'that does not open is left for another reign')
  const catchingUp = waiting.map((state) => ({ ...state, streaming: state !== primary, lsn: 500 }))
  t.notOk(
    ordersOf(decided(catchingUp, { memory: decided(waiting).memory, nowMs: LIMITS.gateMs + 1 })).includes('prepare pg1'),
    'but not while a follower receives'
  )
})

t.test('suspicion', async (t) => {
  const reign = [leader('pg1', 4), follower('pg2', 4), follower('pg3', 4)]
  const calm = decided(reign).memory
  const later = (states: Array<NodeState | undefined>, pulse: Partial<Pulse>) =>
    decided(states, { memory: calm, nowMs: 10_000, pulses: { pg1: { epoch: 4, ...pulse } } })
  const away = [undefined, reign[1], reign[2]]

  t.strictSame(ordersOf(later(reign, { silentMs: LIMITS.silenceMs - 1 })), [], 'needs the whole window')
  t.strictSame(
    ordersOf(later(reign, { silentMs: LIMITS.silenceMs })),
    ['prepare pg2', 'prepare pg3'],
    'falls on a primary that answers and does not commit: it has the longest WAL, and would be stuck again'
  )
  t.strictSame(
    ordersOf(later([reign[0], reign[1], undefined], { silentMs: LIMITS.silenceMs })),
    ['prepare pg1', 'prepare pg2'],
    'which takes part where no two others do'
  )
  const unheard = { pg1: { epoch: null, silentMs: 60_000 } }
  const opened = decided(reign, { memory: { ...NOTHING_YET, preparableSinceMs: 0 }, nowMs: 10_000, pulses: unheard })
  t.strictSame(ordersOf(opened), [], 'does not count what a node did before it reigned')
  t.strictSame(
    ordersOf(decided(reign, { memory: opened.memory, nowMs: 10_000 + LIMITS.silenceMs, pulses: unheard })),
    ['prepare pg2', 'prepare pg3'],
    'but what it does from then on'
  )
  t.strictSame(
    ordersOf(later([reign[0], undefined, undefined], { silentMs: 60_000 })),
    [],
    'is of no use where two nodes cannot be prepared'
  )
  t.strictSame(
    ordersOf(later([reign[0], standby('pg2', { copying: true }), undefined], { silentMs: 60_000 })),
    [],
    'does not give up the copy that it waits for'
  )
  t.strictSame(
    ordersOf(
      decided(reign, { memory: { ...calm, preparableSinceMs: 9_900 }, nowMs: 10_000, pulses: { pg1: { epoch: 4, silentMs: 60_000 } } })
    ),
    [],
    'waits for a node that has just come back to follow'
  )
  const receiving = reign.map((state) => ({ ...state, lsn: 900 }))
  t.strictSame(ordersOf(later(receiving, { silentMs: 60_000 })), [], 'waits for a follower that is catching up')

  t.strictSame(
    ordersOf(later([standby('pg1', { role: 'down', rowEpoch: null }), reign[1], reign[2]], { silentMs: 20, refused: true })),
    ['prepare pg2', 'prepare pg3'],
    'is not needed where the agent says that PostgreSQL ended'
  )
  t.equal(later(away, { silentMs: 50 }).says, 'a primary reigns, and its agent is away', 'does not fall on an agent that is away')
  t.strictSame(ordersOf(later(away, { silentMs: 50 })), [])
  t.equal(later(away, { silentMs: LIMITS.refusedMs }).says, 'a primary reigns, and its agent is away')
  t.strictSame(ordersOf(later(away, { silentMs: LIMITS.silenceMs })), ['prepare pg2', 'prepare pg3'], 'takes a frozen node for gone')
  t.strictSame(
    ordersOf(later(away, { silentMs: LIMITS.refusedMs, refused: true })),
    ['prepare pg2', 'prepare pg3'],
    'is quicker where nobody listens any more'
  )
  t.strictSame(
    ordersOf(later([standby('pg1', { role: 'silent', rowEpoch: null }), reign[1], reign[2]], { silentMs: LIMITS.silenceMs - 1 })),
    [],
    'gives a PostgreSQL that does not answer its window'
  )
})

t.test('an election', async (t) => {
  const nodes = [standby('pg1', { lsn: 50 }), standby('pg2', { promise: term(7) }), standby('pg3')] as const
  const begun = decided([...nodes])
  const two = [nodes[0], standby('pg2'), undefined]

  t.strictSame(
    begun.actions.map((action) => action.order === 'prepare' && action.term),
    [1, 2, 3].map(() => ({ epoch: 8, id: 'new' })),
    'prepares all, above every promise'
  )
  t.strictSame(ordersOf(decided(two)), [], 'at the start of everything waits for the third node')
  t.strictSame(
    ordersOf(decided(two, { memory: decided(two).memory, nowMs: LIMITS.thirdMs })),
    ['prepare pg1', 'prepare pg2'],
    'but not for ever'
  )
  t.strictSame(
    ordersOf(decided([standby('pg1', { role: 'down', rowEpoch: null }), follower('pg2', 4), follower('pg3', 4)])),
    ['prepare pg2', 'prepare pg3'],
    'and does not wait where nodes follow, and so have not just started'
  )
  t.strictSame(
    ordersOf(decided([nodes[0], standby('pg2', { promise: term(5) }), undefined])),
    ['prepare pg1', 'prepare pg2'],
    'nor where an election was under way'
  )
  t.match(decided([undefined, undefined, undefined]), { says: 'fewer than two nodes are ready', loud: true })
  t.match(decided([nodes[0], undefined, undefined], { pulses: { pg1: SILENT } }), { says: 'fewer than two nodes are ready', loud: true })
  t.strictSame(
    ordersOf(decided([leader('pg1', 4), standby('pg2', { promise: term(5) }), follower('pg3', 4)])),
    ['prepare pg1', 'prepare pg2', 'prepare pg3'],
    'begins when somebody promised a later reign: the one before cannot be followed by all'
  )
  t.strictSame(
    ordersOf(decided([nodes[0], nodes[1], standby('pg3', { copying: true })])),
    ['prepare pg1', 'prepare pg2'],
    'leaves a copy in peace where two others are enough'
  )
  t.strictSame(
    ordersOf(decided([nodes[0], undefined, standby('pg3', { copying: true })])),
    ['prepare pg1', 'prepare pg3'],
    'and gives it up where they are not'
  )
})

t.test('the reign goes to the prepared node that has most', async (t) => {
  const nodes = [standby('pg1'), standby('pg2'), standby('pg3')]
  const begun = decided(nodes)
  const nowMs = LIMITS.graceMs
  const won = (reports: Record<string, [rowEpoch: number, lsn: number]>) => decided(nodes, { memory: reported(begun, reports), nowMs })

  t.strictSame(ordersOf(won({ pg1: [3, 10], pg2: [4, 5], pg3: [3, 99] })), ['promote pg2'], 'a newer reign counts more than a longer WAL')
  t.strictSame(ordersOf(won({ pg1: [4, 10], pg2: [4, 11], pg3: [4, 9] })), ['promote pg2'], 'the longer WAL within one reign')
  t.strictSame(ordersOf(won({ pg3: [4, 10], pg2: [4, 10] })), ['promote pg2'], 'the first by name among equals')
  t.strictSame(ordersOf(won({ pg3: [4, 10] })), ['prepare pg1', 'prepare pg2'], 'one prepared node alone never reigns')
  t.strictSame(
    ordersOf(decided(nodes, { memory: reported(begun, { pg1: [4, 1], pg2: [4, 1] }), nowMs: nowMs - 1 })),
    ['prepare pg3'],
    'a third one that is ready is waited for, a little'
  )

  const promoting = won({ pg1: [4, 10], pg2: [4, 11], pg3: [4, 9] })
  const promotion = promoting.actions[0] as Action
  const then = (memory: Memory, ms: number) => ordersOf(decided(nodes, { memory, nowMs: ms }))
  const again = ['prepare pg1', 'prepare pg2', 'prepare pg3']
  const refused = new Refusal('NOT_PREPARED', 409, '', {})
  t.strictSame(then(promoting.memory, nowMs + LIMITS.promoteMs), [], 'a second one is never promoted in the same term')
  t.strictSame(then(promoting.memory, nowMs + LIMITS.promoteMs + 1), again, 'a later term follows when nothing came of it')
  t.strictSame(then(noted(promoting.memory, promotion, refused), nowMs + 1), again, 'and at once when the node refused')

  const late = { order: 'promote', node: 'pg2', term: term(3) } as const
  t.strictSame(noted(promoting.memory, late, refused), promoting.memory, 'an answer to an earlier election says nothing')
  t.strictSame(
    noted(begun.memory, { order: 'prepare', node: 'pg1', term: term(3) }, { rowEpoch: 9, lsn: 9 }),
    begun.memory,
    'nor does a report to one'
  )
})
