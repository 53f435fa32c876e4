import t from 'tap'
import { endProcess, eventually } from './given.ts'
import { atBank } from './given-bank.ts'
import { givenShop } from './given-shop.ts'
import { mover } from './mover.ts'

const PURCHASES = 24
const SEED = 20_260_309

t.test(
  'two orchestrators, a bank that loses two calls of five, a seller that dies and returns: as many orders as the bank has payments',
  async (t) => {
    const shop = await givenShop(t, 9)
    let seller = await shop.startSeller()
    await shop.startBank()
    const movers = [shop.purchases, mover(shop.kit)]
    const ids = await Promise.all(Array.from({ length: PURCHASES }, () => shop.hold()))
    const backs = await Promise.all(ids.map(async (id) => atBank((await shop.pay(id)).body.redirect, 'approve')))
    const late = ids.slice(0, 4)
    for (const id of late) await shop.sellSeatsOf(id)
    shop.wire.flaky(0.4, dice(SEED))

    const returns = Promise.all([...backs, ...backs].map(shop.comeBack))
    await endProcess(seller)
    seller = await shop.startSeller()
    t.ok((await returns).every(({ status }) => status === 200 || status === 503))
    const states = await eventually(async () => {
      await shop.owner.query('update purchase.purchases set due_at = now() where due_at > now()')
      await Promise.all(movers.map((mover) => mover.moveDueOnce()))
      const { rows } = await shop.owner.query<{ id: string; state: string }>('select purchase_id as id, state from purchase.purchases')
      const mine = new Map(rows.map(({ id, state }) => [id, state]))
      return ids.every((id) => /^(ordered|refunded)$/.test(mine.get(id) ?? '')) && mine
    }, 60_000)

    shop.wire.mend()
    for (const [i, id] of ids.entries()) {
      const isLate = late.includes(id)
      t.equal(states.get(id), isLate ? 'refunded' : 'ordered', id)
      t.equal(await shop.orders(id), isLate ? 0 : 1)
      t.equal((await shop.kit.bank.status(backs[i]?.token_ws ?? '')).state, isLate ? 'refunded' : 'authorized')
    }
    const { rows } = await shop.owner.query('select from purchase.purchases where leased_until is not null')
    t.equal(rows.length, 0, 'every lease was given back')
  }
)

/** The same throws every time. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
