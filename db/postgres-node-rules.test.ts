import t from 'tap'
import type { Followed, FollowOrder } from '../chassis/postgres-node.ts'
import { acceptOf, followedState, grantOf, ledState, mayAttach, mayCreate, mayPromote, wayToFollow } from './postgres-node/rules.ts'

t.test('a node grants an election only above everything it promised', async (t) => {
  const state = { promise: term(5), followed: reign(4, 'pg1') }

  t.equal(grantOf(state, term(6)), 'granted')
  t.equal(grantOf(state, term(4)), 'refused')
  t.equal(grantOf(state, term(5)), 'again', 'the same question gets an answer again')
  t.equal(grantOf(state, { epoch: 5, id: 'other' }), 'refused', 'another election under the same number does not')
  t.equal(grantOf({ ...state, followed: reign(5, 'pg2') }, term(5)), 'refused', 'nor one that is over')
})

t.test('a node accepts an order to follow only at or above its promise, and within its cluster', async (t) => {
  const state = { promise: term(5), systemIdentifier: '1' }

  t.equal(acceptOf(state, order('pg2', null, 6)), 'accepted')
  t.equal(acceptOf(state, order('pg2', null, 5)), 'known')
  t.equal(acceptOf({ ...state, systemIdentifier: null }, order('pg2', null, 5)), 'accepted', 'what is not written down yet is not known')
  t.equal(acceptOf(state, { ...order('pg2', null, 5), term: { epoch: 5, id: 'other' } }), 'refused')
  t.equal(acceptOf(state, order('pg2', null, 4)), 'refused')
  t.equal(acceptOf({ ...state, systemIdentifier: '2' }, order('pg2', null, 6)), 'foreign')
})

t.test('a node follows without a copy only when its WAL must be a prefix', async (t) => {
  t.equal(wayToFollow('pg3', reign(5, 'pg2'), order('pg2', reign(4, 'pg1'))), 'as-before', 'it followed this reign already')
  t.equal(wayToFollow('pg3', reign(4, 'pg1'), order('pg2', reign(4, 'pg1'))), 'as-sibling', 'both followed one primary in one reign')
  t.equal(wayToFollow('pg3', reign(4, 'pg1'), order('pg1', reign(4, 'pg1'))), 'as-sibling', 'the primary it followed was elected again')
  t.equal(wayToFollow('pg1', reign(4, 'pg1'), order('pg2', reign(4, 'pg1'))), 'by-copy', 'it led: it may hold what no one else saw')
  t.equal(wayToFollow('pg3', reign(3, 'pg1'), order('pg2', reign(4, 'pg1'))), 'by-copy', 'it stayed in an earlier reign')
  t.equal(
    wayToFollow('pg3', reign(4, 'pg2'), order('pg2', reign(4, 'pg1'))),
    'by-copy',
    'it followed another primary under the same number'
  )
  t.equal(wayToFollow('pg3', null, order('pg2', null)), 'by-copy', 'nobody knows whom it followed')

  const promotedAt100 = order('pg2', reign(4, 'pg1'))
  t.ok(mayAttach('as-before', 101, promotedAt100))
  t.ok(mayAttach('as-sibling', 100, promotedAt100))
  t.notOk(mayAttach('as-sibling', 101, promotedAt100), 'a sibling that has more than the new primary began with does not')
  t.notOk(mayAttach('by-copy', 0, promotedAt100))
})

t.test('a node reigns only in the term it last promised, and standing as it was prepared', async (t) => {
  const state = { promise: term(5), followed: reign(4, 'pg1'), ledFrom: null }

  t.equal(mayPromote(state, term(5), term(5)), 'promote')
  t.equal(mayPromote(state, undefined, term(5)), 'refused')
  t.equal(mayPromote(state, term(4), term(5)), 'refused')
  t.equal(mayPromote({ ...state, promise: term(6) }, term(5), term(5)), 'refused')
  t.equal(mayPromote({ ...state, ...ledState(state, 'pg2', term(5), 100) }, undefined, term(5)), 'done')
  t.equal(
    mayPromote({ ...state, ...followedState(order('pg2', null, 5)) } as typeof state, undefined, term(5)),
    'refused',
    'it follows another'
  )
})

t.test('a node creates the cluster once, over nothing but what it began itself', async (t) => {
  const empty = { promise: term(0), directory: null, followed: null }

  t.equal(mayCreate('pg1', empty, term(1)), 'create')
  t.equal(mayCreate('pg1', { ...empty, promise: term(1) }, term(1)), 'refused')
  t.equal(mayCreate('pg1', { ...empty, directory: '/data', followed: reign(1, 'pg1') }, term(2)), 'resume')
  t.equal(mayCreate('pg1', { ...empty, directory: '/data', followed: reign(1, 'pg2') }, term(2)), 'has-data')
})

t.test('whom a new primary followed, and where it began to write, is told by what it wrote down', async (t) => {
  t.strictSame(ledState({ followed: reign(4, 'pg1') }, 'pg2', term(5), 100), {
    followed: reign(5, 'pg2'),
    ledFrom: { followed: reign(4, 'pg1'), lsn: 100 }
  })
  t.strictSame(followedState(order('pg2', null, 5)), { followed: reign(5, 'pg2'), ledFrom: null })
})

function term(epoch: number) {
  return { epoch, id: `election-${epoch}` }
}

function reign(epoch: number, leader: string): Followed {
  return { epoch, leader }
}

function order(leader: string, followed: Followed | null, epoch = 5): FollowOrder {
  return { term: term(epoch), leader, systemIdentifier: '1', ledFrom: { followed, lsn: 100 }, mayCopy: true }
}
