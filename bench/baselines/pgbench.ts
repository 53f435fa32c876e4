import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresBinOf, postgresMajors } from '../../cluster/driver/host.ts'
import { schemaOf } from '../../contracts/contract.ts'
import { OrdenCreada } from '../../contracts/orden-creada.ts'
import type { Hall } from '../load/hall.ts'
import type { Shop } from '../shop.ts'

export const CLIENTS = 32
const THREADS = 2

export interface Run {
  transactions: number
  perSecond: number
  /** Of one transaction, on average. */
  ms: number
}

/**
 * Lets pgbench sell pairs of seats for so long: prepared statements, 32 clients,
 * over TCP and with the rights of the service, straight into the same tables.
 * It prices nothing, checks nothing and answers nobody.
 */
export async function pgbench(shop: Shop, script: string, hall: Hall, seconds: number): Promise<Run> {
  const file = join(shop.instance.directory, 'pgbench.sql')
  writeFileSync(file, script)
  const { hostname, port, username, password, pathname, searchParams } = new URL(shop.sellingUrl)
  const variables = { shows: hall.shows, show0: hall.firstShowId, i: -1, event: EVENT, fingerprint: 'f'.repeat(64), ...NAMES }
  const output = await outputOf(
    join(postgresBinOf(postgresMajors()[0]!), 'pgbench'),
    [
      ...['--no-vacuum', '--protocol=prepared', `--client=${CLIENTS}`, `--jobs=${THREADS}`, `--time=${seconds}`, `--file=${file}`],
      ...['--host', hostname, '--port', port, '--username', username],
      ...Object.entries(variables).flatMap(([name, value]) => ['--define', `${name}=${value}`]),
      pathname.slice(1)
    ],
    { PGPASSWORD: password, PGOPTIONS: searchParams.get('options')! }
  )
  return readRun(output)
}

/** @throws Error when a transaction failed: then the run measured something else. */
export function readRun(output: string): Run {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const run = {
    transactions: number(/transactions actually processed: (\d+)/),
    perSecond: number(/tps = ([\d.]+)/),
    ms: number(/latency average = ([\d.]+)/)
  }
  if (Number.isNaN(run.perSecond) || /aborted/.test(output) || number(/failed transactions: (\d+)/) > 0)
    throw new Error(`pgbench did not do its work:\n${output}`)
  return run
}

function outputOf(program: string, args: string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`pgbench ended with ${code}:\n${output}`))))
  })
}

/** Everything that an application would have computed before it spoke to the database. */
const NAMES = { source: OrdenCreada.source, type: OrdenCreada.type, schema: schemaOf(OrdenCreada) }

const LINE = { section: 'Platea', row: '17', ticketType: 'Platea', priceClp: 25_000 }
const SHOW: OrdenCreada['show'] = {
  showId: 42,
  code: 'medir-42',
  title: 'Los Tres, gira nacional',
  venue: 'Sala de Medir',
  address: 'Calle de Ejemplo 123',
  city: 'Santiago',
  startsAt: '2099-01-01T23:00:00.000Z',
  doorsAt: '2099-01-01T22:00:00.000Z',
  timeZone: 'America/Santiago'
}

/** As long as the event of a real purchase. */
const EVENT = JSON.stringify({
  orderId: '3a6c43ba-5d1f-4ad3-9c05-7f0c8f1d2e3b',
  code: 'A3C4D6E7',
  lines: [
    { lineNo: 1, seatNo: 1233, ...LINE, seat: '33' },
    { lineNo: 2, seatNo: 1234, ...LINE, seat: '34' }
  ],
  serviceFeeClp: 3_000,
  totalClp: 53_000,
  madeAt: '2026-01-01T00:00:00.000Z',
  sequence: 1,
  show: SHOW,
  buyer: { name: 'Violeta Prueba', email: 'violeta.prueba.12345@ejemplo.cl', rut: '11111111-1' },
  language: 'es'
} satisfies OrdenCreada)

/** The same pairs in the same order as `pairAt` of load/hall.ts. An id or a code is drawn in the server, which costs it nothing to speak of. */
const PAIR = `
\\set i :i + 1
\\set n :i * ${CLIENTS} + :client_id
\\set show :show0 + :n % :shows
\\set a 2 * (:n / :shows) + 1
\\set b :a + 1
`

const ID = 'md5(:n::text)::uuid'
const ORDER = `${ID}, encode(substring(uuid_send(gen_random_uuid()) for 6), 'base64'), :show, :fingerprint, 3000, 53000,
  'Violeta Prueba', 'violeta.prueba.12345@ejemplo.cl', '11111111-1', 'es', clock_timestamp()`
const ORDER_COLUMNS = `order_id, code, show_id, fingerprint, service_fee_clp, total_clp,
  buyer_name, buyer_email, buyer_rut, language, made_at`

/** A purchase as one would write it first: one statement after another. */
export const STATEMENTS = `${PAIR}
begin;
select show_id, seat_no, state, holder_id, held_until from selling.seats
  where show_id = :show and seat_no in (:a, :b) order by show_id, seat_no for no key update;
insert into selling.orders (${ORDER_COLUMNS}) values (${ORDER});
update selling.seats set state = 'sold', holder_id = ${ID}, held_until = null where show_id = :show and seat_no in (:a, :b);
insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
  values (:show, :a, ${ID}, 1, 'Platea', 25000), (:show, :b, ${ID}, 2, 'Platea', 25000);
insert into selling.outbox (event_id, source, type, subject, dataschema, data)
  values (gen_random_uuid(), :source, :type, ${ID}::text, :schema, :event::jsonb);
end;
`

/** The same in one statement, which commits by itself. */
export const ONE_STATEMENT = `${PAIR}
with locked as (
  select show_id, seat_no from selling.seats
  where show_id = :show and seat_no in (:a, :b) order by show_id, seat_no for no key update
), made as (
  insert into selling.orders (${ORDER_COLUMNS}) values (${ORDER}) returning order_id
), sold as (
  update selling.seats s set state = 'sold', holder_id = made.order_id, held_until = null
  from locked, made where s.show_id = locked.show_id and s.seat_no = locked.seat_no
), lines as (
  insert into selling.sold_seats (show_id, seat_no, order_id, line_no, ticket_type, price_clp)
  select show_id, seat_no, order_id, 1 + seat_no - :a, 'Platea', 25000 from locked, made
)
insert into selling.outbox (event_id, source, type, subject, dataschema, data)
  select gen_random_uuid(), :source, :type, order_id::text, :schema, :event::jsonb from made;
`
