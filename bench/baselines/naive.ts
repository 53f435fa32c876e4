import { createHash, randomInt } from 'node:crypto'
import { Type } from '@fastify/type-provider-typebox'
import { readConfig } from '../../chassis/config.ts'
import { Refusal } from '../../chassis/errors.ts'
import { createLog } from '../../chassis/log.ts'
import { announcement } from '../../chassis/outbox.ts'
import { openPatience } from '../../chassis/patience.ts'
import { openPool, type Tx, transaction } from '../../chassis/postgres.ts'
import { Problem } from '../../chassis/problem.ts'
import { createServer, onlyWith } from '../../chassis/server.ts'
import { OrdenCreada } from '../../contracts/orden-creada.ts'
import { Order, SaleRequest } from '../../contracts/selling.ts'
import { type Line, Uuid } from '../../contracts/values.ts'

const Config = Type.Object({
  LISTEN_ADDRESS: Type.String(),
  PORT: Type.Integer(),
  POSTGRES_URL: Type.String(),
  TOKEN: Type.String()
})

const ANSWER_MS_MAX = 5_000
const COMMANDS_MAX = 5_000
const CODE_ALPHABET = '34679ACDEFGHJKMNPQRTUVWXY'
const CODE_CHARS = 8
const Problems = { '4xx': Problem, '5xx': Problem }

type SeatSale = Extract<SaleRequest, { seatNos: number[] }>

/**
 * The box office as it is without batches: the same door, body, token, tables
 * and guarantees, the show kept in memory as well, and one transaction per
 * request. Kept for comparison; numbered seats of full price only.
 */
const config = readConfig(Config, process.env)
const patiently = openPatience({ answerMsMax: ANSWER_MS_MAX, commandsMax: COMMANDS_MAX })
const log = createLog('naive', 'warn')
const pool = openPool(config.POSTGRES_URL, log)
const shows = new Map<number, Promise<Show>>()
const app = createServer(log)
app.addHook('onRequest', onlyWith(config.TOKEN))
app.put(
  '/sales/:orderId',
  { schema: { params: Type.Object({ orderId: Uuid }), body: SaleRequest, response: { 200: Order, ...Problems } } },
  async ({ params, body }) => {
    if (!('seatNos' in body)) throw new Refusal('BAD_INPUT', 400, 'Numbered seats only', {})
    const show = await keptShow(body.showId)
    return patiently(() => transaction(pool, (tx) => sell(tx, params.orderId, body, show)))
  }
)
process.on('disconnect', () => process.exit(0))
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })

async function sell(tx: Tx, orderId: string, request: SeatSale, show: Show): Promise<Order> {
  const seatNos = request.seatNos.toSorted((a, b) => a - b)
  const seats = await lockSeats(tx, request.showId, seatNos)
  const now = await readClock(tx)
  if (await findOrder(tx, orderId)) throw new Refusal('ORDER_MISMATCH', 409, 'This id is in use', { orderId })
  const taken = seats.filter(({ state, held_until: until }) => !(state === 'free' || (state === 'held' && until! <= now)))
  if (taken.length > 0) throw new Refusal('SEAT_TAKEN', 409, 'Seats are taken', { seatNos: taken.map((seat) => seat.seat_no) })
  const order = orderOf(orderId, show, seatNos, now)
  await writeSeats(tx, order, seatNos)
  await insertOrder(tx, order, request)
  await tx.query({ name: 'announce', ...announcement(OrdenCreada, [{ subject: orderId, data: eventOf(order, show, request) }]) })
  return order
}

function orderOf(orderId: string, { row, seats }: Show, seatNos: number[], now: Date): Order {
  const lines = seatNos.map((seatNo, i): Line => {
    const { section, row_label, seat_label, category, price_clp } = seats.get(seatNo)!
    return { lineNo: i + 1, seatNo, section, row: row_label, seat: seat_label, ticketType: category, priceClp: price_clp }
  })
  const serviceFeeClp = row.service_fee_per_ticket_clp * lines.length
  const code = Array.from({ length: CODE_CHARS }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
  const totalClp = lines.reduce((sum, { priceClp }) => sum + priceClp, serviceFeeClp)
  return { orderId, code, showId: row.show_id, lines, serviceFeeClp, totalClp, madeAt: now.toISOString() }
}

function eventOf({ showId, ...order }: Order, { row }: Show, { buyer, language }: SeatSale): OrdenCreada {
  const { code, title, venue, address, city, starts_at: startsAt, doors_at: doorsAt, time_zone: timeZone } = row
  const times = { startsAt: startsAt.toISOString(), doorsAt: doorsAt.toISOString(), timeZone }
  return { ...order, sequence: 1, show: { showId, code, title, venue, address, city, ...times }, buyer, language }
}

interface Show {
  row: {
    show_id: number
    code: string
    title: string
    venue: string
    address: string
    city: string
    starts_at: Date
    doors_at: Date
    time_zone: string
    service_fee_per_ticket_clp: number
  }
  seats: Map<number, { seat_no: number; section: string; row_label: string; seat_label: string; category: string; price_clp: number }>
}

function keptShow(showId: number): Promise<Show> {
  const kept = shows.get(showId) ?? readShow(showId)
  shows.set(showId, kept)
  return kept
}

async function readShow(showId: number): Promise<Show> {
  const found = await pool.query<Show['row']>('select * from selling.shows where show_id = $1', [showId])
  const { rows } = await pool.query(
    `select t.seat_no, c.name as section, t.row_label, t.seat_label, t.category, p.price_clp
     from selling.shows w
     join selling.plan_seats t using (plan_id)
     join selling.plan_sections c on c.plan_id = t.plan_id and c.section_no = t.section_no
     join selling.show_prices p on p.show_id = w.show_id and p.category = t.category and p.type_no = 1
     where w.show_id = $1`,
    [showId]
  )
  return { row: found.rows[0]!, seats: new Map(rows.map((seat) => [seat.seat_no, seat])) }
}

interface LockedSeat {
  seat_no: number
  state: string
  held_until: Date | null
}

async function lockSeats(tx: Tx, showId: number, seatNos: number[]): Promise<LockedSeat[]> {
  const { rows } = await tx.query<LockedSeat>({
    name: 'lock-seats',
    text: `select seat_no, state, holder_id, held_until
           from selling.seats
           where show_id = $1 and seat_no = any($2)
           order by show_id, seat_no
           for no key update`,
    values: [showId, seatNos]
  })
  return rows
}

async function readClock(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>({
    name: 'read-clock',
    text: "select date_trunc('milliseconds', clock_timestamp()) as now"
  })
  return rows[0]!.now
}

async function findOrder(tx: Tx, orderId: string): Promise<boolean> {
  const { rowCount } = await tx.query({ name: 'find-order', text: 'select from selling.orders where order_id = $1', values: [orderId] })
  return rowCount !== 0
}

async function writeSeats(tx: Tx, { orderId, showId }: Order, seatNos: number[]): Promise<void> {
  await tx.query({
    name: 'write-seats',
    text: `update selling.seats set state = 'sold', holder_id = $1, held_until = null where show_id = $2 and seat_no = any($3)`,
    values: [orderId, showId, seatNos]
  })
}

async function insertOrder(tx: Tx, order: Order, request: SeatSale): Promise<void> {
  const { buyer, language } = request
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  await tx.query({
    name: 'insert-order',
    text: `with lines as (
             insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
             select $3, seat_no, $1, line_no, ticket_type, price_clp
             from unnest($12::integer[], $13::integer[], $14::text[], $15::integer[]) as line (seat_no, line_no, ticket_type, price_clp)
           )
           insert into selling.orders (order_id, code, show_id, fingerprint, service_fee_clp, total_clp,
                                       buyer_name, buyer_email, buyer_rut, language, made_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      ...[order.orderId, order.code, order.showId, fingerprint, order.serviceFeeClp, order.totalClp],
      ...[buyer.name, buyer.email, buyer.rut ?? null, language, order.madeAt],
      order.lines.map(({ seatNo }) => seatNo),
      order.lines.map(({ lineNo }) => lineNo),
      order.lines.map(({ ticketType }) => ticketType),
      order.lines.map(({ priceClp }) => priceClp)
    ]
  })
}
