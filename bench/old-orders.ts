import { comeToRest, untilReplayed } from './books.ts'
import type { Hall } from './load/hall.ts'
import type { Shop } from './shop.ts'

/** Both standbys follow before the next piece: what they have not got is kept for one gigabyte only. */
const ORDERS_PER_INSERT = 200_000

/**
 * Fills a database as years of sales would: so many orders, and every second
 * pair of seats of these shows sold to some of them. Straight into the tables,
 * not waiting for each commit.
 */
export async function makeOldOrders(shop: Shop, hall: Hall, orders: number): Promise<void> {
  await shop.superuser.query('set synchronous_commit = local')
  await withoutKeys(shop, () => insertOrders(shop, hall, orders))
  await sellSomeSeats(shop, hall, orders)
  await comeToRest(shop)
}

/** Millions of keys are made faster all at once than one by one. */
async function withoutKeys({ superuser }: Shop, work: () => Promise<void>): Promise<void> {
  const { rows } = await superuser.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid = 'selling.orders'::regclass and contype in ('p', 'u')`
  )
  for (const { name } of rows) await superuser.query(`alter table selling.orders drop constraint ${name}`)
  await work()
  for (const { name, definition } of rows) await superuser.query(`alter table selling.orders add constraint ${name} ${definition}`)
}

async function insertOrders(shop: Shop, { firstShowId, shows }: Hall, orders: number): Promise<void> {
  const { superuser } = shop
  for (let from = 1; from <= orders; from += ORDERS_PER_INSERT) {
    const to = Math.min(orders, from + ORDERS_PER_INSERT - 1)
    await superuser.query(
      `insert into selling.orders (order_id, code, show_id, hold_id, fingerprint, service_fee_clp, total_clp,
                                   buyer_name, buyer_email, buyer_rut, language, made_at)
       select ${orderId('n')}, 'V' || lpad(to_hex(n), 7, '0'), $3 + n % $4, gen_random_uuid(), repeat(md5(n::text), 2), 3000, 53000,
              'Violeta Prueba', 'violeta.prueba.' || n || '@ejemplo.cl', '11111111-1', 'es', now() - interval '1 second' * (n % 100000000)
       from generate_series($1::integer, $2::integer) n`,
      [from, to, firstShowId, shows]
    )
    await untilReplayed(shop)
  }
}

async function sellSomeSeats({ superuser }: Shop, { firstShowId, shows, seatsPerShow }: Hall, orders: number): Promise<void> {
  const pairs = Math.min(orders, (shows * seatsPerShow) >> 2)
  await superuser.query(
    `insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
     select $2 + n % $3, 4 * (n / $3) + line_no, ${orderId('(n + 1)')}, line_no, 'Platea', 25000
     from generate_series(0, $1::integer - 1) n, generate_series(1, 2) line_no`,
    [pairs, firstShowId, shows]
  )
  await superuser.query(
    `update selling.seats s set state = 'sold', holder_id = l.order_id, held_until = null
     from selling.sold_seats l where l.show_id = s.show_id and l.seat_no = s.seat_no`
  )
}

/** Looks like chance and can be said again. */
function orderId(n: string): string {
  return `md5('orden ' || ${n})::uuid`
}
