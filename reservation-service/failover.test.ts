import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Peer, peer } from '../chassis/call.ts'
import { CALL_MS_MAX } from '../chassis/deadlines.ts'
import { givenShopNodes, losePrimary, steadily } from '../chassis/given-failover.ts'
import { createLog } from '../chassis/log.ts'
import { destroyPool, openPool } from '../chassis/postgres.ts'
import type { Hold, Order } from '../contracts/selling.ts'
import { BUYER, choice, givenShow } from './given.ts'
import { givenProcesses } from './given-processes.ts'
import { SELLER } from './given-service.ts'

const INSTANCE = 112
const SEATS = 5_000
const EVERY_MS = 60
/** Before and after each loss. */
const BUYERS = 30

t.test(
  'buyers who hold and order while three primaries are lost, the last one frozen and back later, see slower answers and no error',
  async (t) => {
    const nodes = await givenShopNodes(t, INSTANCE)
    const { leader } = await nodes.reign()
    const log = createLog('test', 'silent')
    const first = openPool(nodes.urlOf('owner', leader), log)
    await givenShow(first, { seats: SEATS })
    await destroyPool(first)
    const nodesUrl = { POSTGRES_NODES: nodes.urlOf('selling') }
    const { urls } = await givenProcesses(t, ['', ''], nodesUrl)
    const acknowledged = new Map<string, Order>()
    const longestMs = { hold: 0, order: 0 }
    const { call } = peer(urls.join(), SELLER, CALL_MS_MAX)

    let frozen = ''
    const freeze = (node: string) => {
      frozen = node
      return nodes.freeze(node)
    }

    const buyers = steadily(EVERY_MS, (no) => buy(no + 1))
    for (const lose of [nodes.killPostgres, nodes.killPostgres, freeze]) {
      await buyers.ended(BUYERS)
      t.comment(`${lose.name}: another reigns after ${Math.round(await losePrimary(nodes, lose))} ms`)
      await buyers.ended(BUYERS)
    }
    nodes.thaw(frozen)
    await buyers.ended(BUYERS)
    const { begun, failures } = await buyers.stop()

    t.strictSame(failures, [], `${begun} buyers, longest hold ${longestMs.hold} ms, longest order ${longestMs.order} ms`)
    t.ok(Math.max(longestMs.hold, longestMs.order) < CALL_MS_MAX)
    const pool = openPool(nodes.urlOf('owner', (await nodes.reign()).leader), log)
    t.teardown(() => destroyPool(pool))
    const { rows } = await pool.query<{ order_id: string; seat_no: number; code: string }>(
      'select order_id, seat_no, code from selling.sold_seats join selling.orders using (order_id) order by seat_no'
    )
    t.equal(acknowledged.size, begun)
    t.equal(rows.length, begun, 'as many seats are sold as were acknowledged')
    t.strictSame(
      rows.filter(({ order_id: id, code }) => acknowledged.get(id)?.code !== code),
      [],
      'each under the code that its buyer was told'
    )

    async function buy(seatNo: number): Promise<void> {
      const id = randomUUID()
      const { totalClp } = await timed<Hold>('hold', call<Hold>('PUT', `/holds/${id}`, choice([seatNo])))
      const request = { holdId: id, buyer: BUYER, language: 'es', totalClp }
      acknowledged.set(id, await timed('order', call<Order>('PUT', `/orders/${id}`, request)))
    }

    async function timed<T>(what: 'hold' | 'order', asked: ReturnType<Peer['call']>): Promise<T> {
      const beganMs = performance.now()
      try {
        return (await asked) as T
      } finally {
        longestMs[what] = Math.max(longestMs[what], Math.round(performance.now() - beganMs))
      }
    }
  }
)
