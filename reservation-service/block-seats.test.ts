import type { Pool } from 'pg'
import t, { type Test } from 'tap'
import { transaction } from '../chassis/postgres.ts'
import type { Block, Unblocked } from '../contracts/selling.ts'
import { testDatabase, testDatabaseUrl } from '../db/test-database.ts'
import { blockSeats } from './block-seats.ts'
import { choice, codesOf, expire, givenPlan, givenShow, givenShowRequest, hold, order, times } from './given.ts'
import { givenService, OPERATOR, SELLER } from './given-service.ts'
import { releaseBlock } from './release-block.ts'
import { releaseHold } from './release-hold.ts'

t.test('house seats are kept from sale and given back once; the same request has the same answer', async (t) => {
  const pool = await given(t, 6)

  const kept = await block(pool, 'prensa', [4, 2])
  await t.rejects(hold(pool, choice([1, 2])), { code: 'SEAT_TAKEN', params: { seatNos: [2] } })
  t.strictSame(kept, { showCode: 'show', blockCode: 'prensa', reason: 'Prensa', seatNos: [2, 4] })
  t.strictSame(await block(pool, 'prensa', [4, 2]), kept)

  const back = await release(pool, 'prensa')
  await hold(pool, choice([2]))
  t.strictSame(back, { showCode: 'show', blockCode: 'prensa', released: 2 })
  t.strictSame(await release(pool, 'prensa'), back, 'also when somebody has one of the seats since')
  t.strictSame(await states(pool), ['free', 'held', 'free', 'free', 'free', 'free'])
})

t.test('a block takes all of its seats or none: what is sold, held or kept by another block is refused by number', async (t) => {
  const pool = await given(t, 6)
  await order(pool, await hold(pool, choice([1])))
  await hold(pool, choice([2]))
  await block(pool, 'invitados', [3])

  await t.rejects(block(pool, 'prensa', [5, 3, 2, 1]), { code: 'SEAT_TAKEN', status: 409, params: { seatNos: [1, 2, 3] } })
  await t.rejects(block(pool, 'prensa', [5, 7]), { code: 'SEAT_UNKNOWN', status: 404, params: { seats: ['7'] } })

  t.strictSame(await states(pool), ['sold', 'held', 'blocked', 'free', 'free', 'free'])
  t.match(await block(pool, 'prensa', [5]), { seatNos: [5] }, 'a code that was refused is free')
})

t.test('a hold that ran out is a free seat to a block, and a late payment for it finds the seat gone', async (t) => {
  const pool = await given(t, 2)
  const late = await hold(pool, choice([1]))
  await expire(pool, late)

  t.match(await block(pool, 'prensa', [1, 2]), { seatNos: [1, 2] })

  await t.rejects(order(pool, late), { code: 'SEAT_TAKEN', params: { seatNos: [1] } })
  await transaction(pool, (tx) => releaseHold(tx, late.holdId))
  t.strictSame(await states(pool), ['blocked', 'blocked'], 'letting go of the hold frees nothing of the block')
})

t.test('a code stands for one block: another body, or the same after its release, is refused', async (t) => {
  const pool = await given(t, 4)
  await block(pool, 'prensa', [1, 2])

  await t.rejects(block(pool, 'prensa', [1, 3]), { code: 'BLOCK_MISMATCH', status: 422 })
  await t.rejects(block(pool, 'prensa', [1, 2], 'Otra'), { code: 'BLOCK_MISMATCH' })
  await t.rejects(block(pool, 'prensa', [99]), { code: 'BLOCK_MISMATCH' })
  await release(pool, 'prensa')
  await t.rejects(block(pool, 'prensa', [1, 2]), { code: 'BLOCK_RELEASED', status: 410 })
  await t.rejects(block(pool, 'prensa', [1, 3]), { code: 'BLOCK_MISMATCH' })
  await t.rejects(release(pool, 'otra'), { code: 'BLOCK_UNKNOWN', status: 404 })

  t.strictSame(await states(pool), ['free', 'free', 'free', 'free'])
})

t.test('one block sent thirty times at once is one block and thirty equal answers, and so is its release', async (t) => {
  const pool = await given(t, 4)

  const kept = await Promise.all(times(30, () => block(pool, 'prensa', [3, 1])))
  const rivals = await Promise.allSettled(times(10, (i) => block(pool, 'otra', [i % 2 ? 2 : 4])))
  const back = await Promise.all(times(30, () => release(pool, 'prensa')))

  t.equal(new Set(kept.map((answer) => JSON.stringify(answer))).size, 1)
  t.strictSame(codesOf(rivals), { BLOCK_MISMATCH: 5 }, 'of two bodies under one code the faster one stands')
  t.equal(new Set(back.map((answer) => JSON.stringify(answer))).size, 1)
  t.match(back[0], { released: 2 })
  t.strictSame(
    (await states(pool)).filter((state) => state !== 'free'),
    ['blocked']
  )
})

t.test('through its doors: the operator blocks and releases by guid, and nobody else does', async (t) => {
  const { send } = await givenService(t, await testDatabaseUrl(t))
  const path = '/shows/show/blocks/prensa'
  const body = { reason: 'Prensa', seats: ['A-2', 'A-1', 'A-1'], unread: true }

  for (const token of ['', SELLER]) {
    t.match(await send('PUT', path, token, body), { status: 401, body: { code: 'NOT_ALLOWED' } })
    t.match(await send('DELETE', path, token), { status: 401, body: { code: 'NOT_ALLOWED' } })
  }
  for (const [at, wrong, status, code] of [
    [path, { reason: 'Prensa', seats: [] }, 400, 'BAD_INPUT'],
    [path, { reason: '', seats: ['A-1'] }, 400, 'BAD_INPUT'],
    [path, { seats: ['A-1'] }, 400, 'BAD_INPUT'],
    [path, { reason: 'Prensa', seats: times(2_001, (i) => `A-${i}`) }, 400, 'BAD_INPUT'],
    ['/shows/show/blocks/La%20Prensa', body, 400, 'BAD_INPUT'],
    ['/shows/otro/blocks/prensa', body, 404, 'SHOW_UNKNOWN'],
    [path, { ...body, seats: ['A-1', 'B-1'] }, 404, 'SEAT_UNKNOWN']
  ] as const) {
    t.match(await send('PUT', at, OPERATOR, wrong), { status, body: { code } }, `${code}: ${JSON.stringify(wrong).slice(0, 60)}`)
  }
  t.match(await send('DELETE', path, OPERATOR), { status: 404, body: { code: 'BLOCK_UNKNOWN' } })
  t.match(await send('DELETE', '/shows/otro/blocks/prensa', OPERATOR), { status: 404, body: { code: 'SHOW_UNKNOWN' } })

  const answer = { status: 200, body: { showCode: 'show', blockCode: 'prensa', reason: 'Prensa', seatNos: [1, 2] } }
  t.strictSame(await send('PUT', path, OPERATOR, body), answer)
  t.strictSame(await send('PUT', path, OPERATOR, { ...body, unread: 2 }), answer, 'what is not read is not compared')
  const released = { status: 200, body: { showCode: 'show', blockCode: 'prensa', released: 2 } }
  t.strictSame([await send('DELETE', path, OPERATOR), await send('DELETE', path, OPERATOR)], [released, released])
})

t.test('two thousand house seats with long names are one request', async (t) => {
  const { put } = await givenService(t, await testDatabaseUrl(t))
  const plan = givenPlan(2_000)
  plan.zones[0]!.rows[0]!.seats.forEach((seat, i) => {
    seat.seat_guid = `platea-${i}-`.padEnd(100, 'x')
  })
  const seats = plan.zones[0]!.rows[0]!.seats.map(({ seat_guid }) => seat_guid)
  await put('/seating-plans/grande', plan)
  const accessible = seats.map((seat) => ({ seat, companions: [] }))

  t.match(await put('/shows/grande', { ...givenShowRequest(), planCode: 'grande', accessible }), { status: 200, body: { seats: 2_000 } })
  const { status, body } = await put('/shows/grande/blocks/todo', { reason: 'Función privada', seats })

  t.equal(status, 200)
  t.strictSame(
    (body as unknown as Block).seatNos,
    times(2_000, (i) => i + 1)
  )
})

async function given(t: Test, seats: number): Promise<Pool> {
  const pool = await testDatabase(t)
  await givenShow(pool, { seats })
  return pool
}

/** The guid of a seat of `givenShow` is its number. */
function block(pool: Pool, code: string, seatNos: number[], reason = 'Prensa'): Promise<Block> {
  return transaction(pool, (tx) => blockSeats(tx, 'show', code, { reason, seats: seatNos.map(String) }))
}

function release(pool: Pool, code: string): Promise<Unblocked> {
  return transaction(pool, (tx) => releaseBlock(tx, 'show', code))
}

async function states(pool: Pool): Promise<string[]> {
  return (await pool.query('select state from selling.seats order by seat_no')).rows.map(({ state }) => state)
}
