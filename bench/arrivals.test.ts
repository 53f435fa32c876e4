import t from 'tap'
import { arrivalsMs } from './arrivals.ts'

t.test('an on-sale begins with its peak, thins out, and everybody has come at its end', async (t) => {
  const arrivals = arrivalsMs(967, 17, 134)

  const perSecond = Array.from({ length: 17 }, (_, second) => arrivals.filter((ms) => Math.floor(ms / 1_000) === second).length)
  t.equal(arrivals.length, 967)
  t.ok(
    arrivals.every((ms, i) => ms >= (arrivals[i - 1] ?? 0)),
    'in the order of their coming'
  )
  t.ok(arrivals.at(-1)! < 17_000 && arrivals.at(-1)! > 16_800, `the last one comes after ${arrivals.at(-1)} ms`)
  t.ok(
    perSecond.every((count) => count <= 134),
    'never more in a second than the peak'
  )
  t.ok(perSecond[0]! >= 120, `${perSecond[0]} in the first second`)
  t.ok(
    perSecond.every((count, i) => count <= (perSecond[i - 1] ?? 134) + 1),
    'fewer and fewer'
  )
})

t.test('more than the peak allows cannot come', async (t) => {
  t.throws(() => arrivalsMs(1_000, 5, 200), { message: 'so many cannot come in that time with that peak' })
})
