import t from 'tap'
import { type Memory, NOTHING_YET } from './failover-decision.ts'
import { decided, follower, leader, ordersOf, reported, SILENT, standby } from './given-decision.ts'

t.test('a switchover', async (t) => {
  const reign = [leader('pg1', 4), follower('pg2', 4), follower('pg3', 4)]
  const memory: Memory = { ...NOTHING_YET, wish: { wants: 'switchover', untilMs: 1_000 } }
  const begun = decided(reign, { memory })

  t.strictSame(ordersOf(begun), ['prepare pg2', 'prepare pg3'], 'is an election among the others')
  t.strictSame(
    ordersOf(decided(reign, { memory: reported(begun, { pg2: [4, 9], pg3: [4, 9] }), nowMs: 1 })),
    ['promote pg2'],
    'that does not wait for the primary'
  )
  t.equal(begun.memory.wish, undefined, 'is done once')
  const lame = [reign[0], reign[1], { ...follower('pg3', 4), streaming: false }]
  t.strictSame(ordersOf(decided(lame, { memory })), [], 'waits until all others could take over')
  t.equal(decided(lame, { memory, nowMs: 1_001 }).memory.wish, undefined, 'and is forgotten when they cannot')
})

t.test('a loss that a person has accepted', async (t) => {
  const survivor = [standby('pg1'), undefined, undefined]
  const memory: Memory = { ...NOTHING_YET, wish: { wants: 'accept-loss', survivor: 'pg1', untilMs: 1_000 } }
  const begun = decided(survivor, { memory, pulses: { pg1: SILENT } })

  t.strictSame(ordersOf(begun), ['prepare pg1'], 'lets one node alone be elected')
  t.strictSame(ordersOf(decided(survivor, { memory: reported(begun, { pg1: [4, 9] }), nowMs: 1 })), ['promote pg1'])
  t.equal(begun.memory.wish, undefined, 'once')
  t.match(begun.actions, [{ term: { epoch: 1_004 } }], 'with a number that lies above what the lost ones may have promised')
  t.strictSame(ordersOf(decided(survivor, { memory, nowMs: 1_000, pulses: { pg1: SILENT } })), [], 'not for ever')
  t.strictSame(
    ordersOf(decided([undefined, standby('pg2'), undefined], { memory, pulses: { pg1: SILENT } })),
    [],
    'and not for another node than the one that was left'
  )
  const two = [standby('pg1'), standby('pg2'), undefined]
  t.equal(
    decided(two, { memory: reported(begun, { pg1: [4, 9] }), nowMs: 1, pulses: { pg1: SILENT } }).memory.election?.quorum ?? 2,
    2,
    'and of no use any more when a second one is back'
  )
})

t.test('the number of an election is taken once', async (t) => {
  const nodes = [standby('pg1'), standby('pg2'), standby('pg3')]
  const begun = decided(nodes)
  const again = decided(nodes, { memory: { ...begun.memory, election: undefined } })

  t.match(begun.actions, [{ term: { epoch: 5 } }])
  t.match(again.actions, [{ term: { epoch: 6 } }], 'even where nobody shows that he promised it')
  const twin = { ...standby('pg3'), promise: { epoch: 4, id: 'another election' } }
  t.match(
    decided([leader('pg1', 4), follower('pg2', 4), twin]).actions,
    [{ order: 'prepare', term: { epoch: 5 } }],
    'a node that promised its twin is brought back by a later one'
  )
})
