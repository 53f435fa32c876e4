import t from 'tap'
import { plansIn, statementsIn } from './plans.ts'

t.test('the log of auto_explain gives each statement with its runs and the plan of its biggest one', async (t) => {
  const log = lines(
    '2026-01-01 00:00:00.000 UTC [1] selling@ticketflow LOG:  duration: 0.400 ms  plan:',
    ...plan(
      'Index Scan using seats_pkey on seats s  (cost=0.42..8.44 rows=1 width=14) (actual rows=1 loops=2)',
      'Index Cond: (seat_no = 1)'
    ),
    '2026-01-01 00:00:00.000 UTC [1] selling@ticketflow LOG:  checkpoint starting: time',
    '2026-01-01 00:00:00.000 UTC [2] selling@ticketflow LOG:  duration: 0.900 ms  plan:',
    ...plan(
      'Index Scan using seats_pkey on seats s  (cost=0.42..8.44 rows=1 width=14) (actual rows=1 loops=64)',
      'Index Cond: (seat_no = 1)'
    )
  )

  const [statement, ...others] = statementsIn(plansIn(log))

  t.equal(others.length, 0)
  t.match(statement, { query: 'select 1\n  from selling.seats s', runs: 2, medianMs: 0.9, scanned: [] })
  t.match(statement?.plan, /loops=64/)
})

t.test('a table that is read from end to end is told, whichever way it is read', async (t) => {
  t.same(scannedBy('Seq Scan on sold_seats  (cost=0.00..8.44 rows=1 width=14) (actual rows=1 loops=1)', 'Filter: (seat_no = 1)'), [
    'sold_seats'
  ])
  t.same(
    scannedBy('Index Scan using orders_pkey on orders  (cost=0.00..8.44 rows=1 width=14) (actual rows=1 loops=1)', 'Buffers: shared hit=2'),
    ['orders']
  )
  t.same(
    scannedBy('Seq Scan on plan_sections  (cost=0.00..8.44 rows=1 width=14) (actual rows=1 loops=1)', 'Filter: (plan_id = 1)'),
    [],
    'that does not grow'
  )
  t.same(
    scannedBy(
      'Index Only Scan using orders_pkey on orders  (cost=0.00..8.44 rows=1 width=14) (actual rows=1 loops=1)',
      'Index Cond: (x = 1)'
    ),
    []
  )
})

function scannedBy(node: string, detail: string): string[] {
  return statementsIn(plansIn(lines('x LOG:  duration: 0.400 ms  plan:', ...plan(node, detail))))[0]!.scanned
}

function plan(node: string, detail: string): string[] {
  return [
    '\tQuery Text: select 1',
    '\t  from selling.seats s',
    '\tNested Loop  (cost=0.4..8.4 rows=1 width=1) (actual rows=1 loops=1)',
    `\t  ->  ${node}`,
    `\t        ${detail}`
  ]
}

function lines(...all: string[]): string {
  return all.join('\n')
}
