import t from 'tap'
import { readRun } from './pgbench.ts'

const OUTPUT = `pgbench (15.18)
transaction type: pgbench.sql
number of transactions actually processed: 12345
number of failed transactions: 0 (0.000%)
latency average = 7.329 ms
initial connection time = 90.1 ms
tps = 4365.210000 (without initial connection time)
`

t.test('what pgbench tells is read, and a run in which something failed is no baseline', async (t) => {
  t.same(readRun(OUTPUT), { transactions: 12_345, perSecond: 4_365.21, ms: 7.329 })
  t.throws(() => readRun(OUTPUT.replace('failed transactions: 0', 'failed transactions: 3')), /did not do its work/)
  t.throws(() => readRun(`${OUTPUT}pgbench: error: client 3 aborted in command 9`), /did not do its work/)
  t.throws(() => readRun(''), /did not do its work/)
})
