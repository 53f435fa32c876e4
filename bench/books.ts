import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Shop } from './shop.ts'

/** What lies in the database after a round. */
interface Books {
  orders: number
  events: number
  soldSeats: number
  /** Seats that stand sold. */
  seatsSold: number
  /** Sold seats whose seat does not say the same. */
  strange: number
}

const LOOK_MS = 20

/**
 * Brings these shows back to where nothing is sold, and the servers to rest, so
 * that every round of every side starts from the same state.
 */
export async function clearBooks({ superuser, standbys }: Shop, showIds: number[]): Promise<void> {
  await superuser.query('set synchronous_commit = local')
  await superuser.query(
    `truncate selling.seats, selling.sold_seats, selling.sold_places, selling.orders, selling.holds, selling.zone_holds,
              selling.outbox, selling.buyer_tickets`
  )
  await superuser.query('update selling.show_zones set sold = 0, held = 0 where show_id = any($1) and sold + held > 0', [showIds])
  await superuser.query(
    `insert into selling.seats (show_id, seat_no)
     select s.show_id, t.seat_no
     from selling.shows s join selling.plan_seats t using (plan_id)
     where s.show_id = any($1)
     order by s.show_id, t.seat_no`,
    [showIds]
  )
  await comeToRest({ superuser, standbys })
}

/** Lets go of everything that is held. */
export async function clearHolds({ superuser, standbys }: Shop): Promise<void> {
  await superuser.query("update selling.seats set state = 'free', holder_id = null, held_until = null where state = 'held'")
  await superuser.query('truncate selling.holds, selling.zone_holds')
  await comeToRest({ superuser, standbys })
}

/** Visibility maps and statistics are there, everything is on disk, both standbys have replayed it. */
export async function comeToRest({ superuser, standbys }: Pick<Shop, 'superuser' | 'standbys'>): Promise<void> {
  await superuser.query(
    'vacuum (analyze) selling.seats, selling.orders, selling.sold_seats, selling.outbox, selling.holds, selling.show_zones'
  )
  await superuser.query('checkpoint')
  await untilReplayed({ superuser, standbys })
  await Promise.all(standbys.map((standby) => standby.query('checkpoint')))
}

export async function untilReplayed({ superuser, standbys }: Pick<Shop, 'superuser' | 'standbys'>): Promise<void> {
  while (!(await isReplayed(superuser, standbys.length))) await sleep(LOOK_MS)
}

async function isReplayed(superuser: Client, standbys: number): Promise<boolean> {
  const { rows } = await superuser.query<{ replayed: number }>(
    'select count(*)::integer as replayed from pg_stat_replication where replay_lsn >= pg_current_wal_flush_lsn()'
  )
  return rows[0]!.replayed >= standbys
}

/** @returns What does not add up after so many purchases; none when everything does. */
export async function faultsAfter({ superuser }: Pick<Shop, 'superuser'>, purchases: number, seatsEach = 2): Promise<string[]> {
  const books = await readBooks(superuser)
  const seats = seatsEach * purchases
  const expected = { orders: purchases, events: purchases, soldSeats: seats, seatsSold: seats, strange: 0 }
  return Object.entries(expected).flatMap(([name, count]) => {
    const found = books[name as keyof Books]
    return found === count ? [] : [`${name}: ${found} instead of ${count}`]
  })
}

/** The primary key keeps `sold_seats` from holding a seat twice; a seat that disagrees with it was given twice all the same. */
async function readBooks(superuser: Client): Promise<Books> {
  const { rows } = await superuser.query<Books>(
    `select (select count(*)::integer from selling.orders where state = 'made') as orders,
            (select count(distinct subject)::integer from selling.outbox where type like '%OrdenCreada%') as events,
            (select count(*)::integer from selling.sold_seats) as "soldSeats",
            (select count(*)::integer from selling.seats where state = 'sold') as "seatsSold",
            (select count(*)::integer from selling.sold_seats l left join selling.seats s using (show_id, seat_no)
             where s.state is distinct from 'sold' or s.holder_id <> l.order_id) as strange`
  )
  return rows[0]!
}
