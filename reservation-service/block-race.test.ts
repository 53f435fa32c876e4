import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import t from 'tap'
import { createLog } from '../chassis/log.ts'
import { openPool, transaction } from '../chassis/postgres.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { blockSeats } from './block-seats.ts'
import { choice, codesOf, givenShow, hold, times } from './given.ts'
import { releaseBlock } from './release-block.ts'

const ROUNDS = 300
const RIVALS = 8
const RACED_SEATS = 24

t.test(
  `blocks, releases and holds of two processes race for the same seats ${ROUNDS} times: each seat has one winner, and nobody waits for ever`,
  async (t) => {
    const url = await testDatabaseUrl(t)
    const pools = times(2, () => openPool(url, createLog('test', 'silent'), { connectionsMax: 20 }))
    t.teardown(() => Promise.all(pools.map((pool) => pool.end())))
    const [pool] = pools as [Pool, Pool]
    await givenShow(pool, { seats: RACED_SEATS })
    const wins = { blocks: 0, holds: 0 }

    for (let round = 0; round < ROUNDS; round++) {
      const rivals = times(RIVALS, (i) => ({
        from: pools[i % 2]!,
        code: `r${round}-${i}`,
        holdId: randomUUID(),
        seats: someSeats(),
        kept: i % 4 < 2
      }))
      const outcomes = await Promise.allSettled([
        ...rivals.map(({ from, code, holdId, seats, kept }) => (kept ? block(from, code, seats) : hold(from, choice(seats), holdId))),
        ...(round > 0 ? times(2, (i) => release(pools[i]!, `r${round - 1}-0`).catch(ifUnknown)) : [])
      ])

      const winners = rivals.filter((_, i) => outcomes[i]!.status === 'fulfilled')
      if (
        !t.ok(
          Object.keys(codesOf(outcomes)).every((code) => code === 'SEAT_TAKEN'),
          `round ${round}: ${JSON.stringify(codesOf(outcomes))}`
        )
      )
        return
      const owners = await ownersOf(pool)
      const claims = winners.flatMap(({ kept, code, holdId, seats }) => seats.map((seatNo) => [seatNo, kept ? code : holdId] as const))
      t.equal(new Set(claims.map(([seatNo]) => seatNo)).size, claims.length, `round ${round}: no seat has two winners`)
      t.ok(
        claims.every(([seatNo, owner]) => owners.get(seatNo) === owner),
        `round ${round}: every winner has all of its seats`
      )
      wins.blocks += winners.filter(({ kept }) => kept).length
      wins.holds += winners.filter(({ kept }) => !kept).length
      await freeAll(pool, `r${round}-0`)
    }

    t.ok(wins.blocks > ROUNDS / 4 && wins.holds > ROUNDS / 4, `both kinds win: ${JSON.stringify(wins)}`)
    t.strictSame((await pool.query('select deadlocks::integer from pg_stat_database where datname = current_database()')).rows, [
      { deadlocks: 0 }
    ])
  }
)

/** The guid of a seat of `givenShow` is its number. */
function block(pool: Pool, code: string, seatNos: number[]): Promise<unknown> {
  return transaction(pool, (tx) => blockSeats(tx, 'show', code, { reason: 'Prensa', seats: seatNos.map(String) }))
}

function release(pool: Pool, code: string): Promise<unknown> {
  return transaction(pool, (tx) => releaseBlock(tx, 'show', code))
}

/** Not every block of the round before has won its seats. */
function ifUnknown(err: { code?: string }): void {
  if (err.code !== 'BLOCK_UNKNOWN') throw err
}

/** Two to four different seats, in no order. */
function someSeats(): number[] {
  const all = times(RACED_SEATS, (i) => i + 1).sort(() => Math.random() - 0.5)
  return all.slice(0, 2 + Math.floor(Math.random() * 3))
}

/** Who has a seat: the code of its block, or the id of its hold. */
async function ownersOf(pool: Pool): Promise<Map<number, string>> {
  const { rows } = await pool.query(
    `select s.seat_no, coalesce(b.code, s.holder_id::text) as owner
     from selling.seats s
     left join selling.blocks b on b.block_id = s.holder_id
     where s.state <> 'free'`
  )
  return new Map(rows.map(({ seat_no, owner }) => [seat_no, owner]))
}

/** All seats but those of one block, which is released while the next round runs. */
async function freeAll(pool: Pool, code: string): Promise<void> {
  await pool.query(
    `update selling.seats s
     set state = 'free', holder_id = null, held_until = null
     where s.state <> 'free' and not exists (select from selling.blocks b where b.block_id = s.holder_id and b.code = $1)`,
    [code]
  )
}
