import t from 'tap'
import { misprintsIn } from './printed.ts'

const SOLD = { orderId: 'a', folio: 1_234, totalClp: 53_000 }

t.test('a paper that says its total and its folio is right, however the folio is grouped', async (t) => {
  t.strictSame(misprintsIn('BOLETA N° 1234\n TOTAL  $53.000', SOLD), [])
  t.strictSame(misprintsIn('BOLETA N° 1.234\n TOTAL  $53.000', SOLD), [])
})

t.test('a paper that says another total or another folio is wrong', async (t) => {
  t.match(misprintsIn('BOLETA N° 1234\n TOTAL  $153.000', SOLD), [/does not say its total of 53.000/])
  t.match(misprintsIn('BOLETA N° 12345\n TOTAL  $53.000', SOLD), [/does not say its folio 1234/])
})
