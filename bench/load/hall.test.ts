import t from 'tap'
import { wishesIn } from '../scale.ts'
import { pairAt, pairsIn } from './hall.ts'
import { freePairs } from './on-sale.ts'

t.test('every seat is in one pair, and pairs are dealt to the shows in turn', async (t) => {
  const hall = { firstShowId: 7, shows: 3, seatsPerShow: 6 }

  const pairs = Array.from({ length: pairsIn(hall) }, (_, n) => pairAt(hall, n))

  t.same(pairs.slice(0, 4), [
    { showId: 7, seatNos: [1, 2] },
    { showId: 8, seatNos: [1, 2] },
    { showId: 9, seatNos: [1, 2] },
    { showId: 7, seatNos: [3, 4] }
  ])
  t.equal(new Set(pairs.flatMap(({ showId, seatNos }) => seatNos.map((seatNo) => `${showId} ${seatNo}`))).size, 18)
})

t.test('holds are wanted all over the halls, each pair once, and never one that old orders have', async (t) => {
  const wishes = wishesIn({ firstShowId: 1, shows: 8, seatsPerShow: 1_000 }, 800)

  const firsts = wishes.map(({ seatNos }) => seatNos[0])
  t.equal(new Set(wishes.map(({ showId, seatNos }) => `${showId} ${seatNos}`)).size, 800)
  t.ok(firsts.every((seatNo) => seatNo % 4 === 3))
  t.ok(Math.max(...firsts) > 950, 'to the last rows')
  t.throws(() => wishesIn({ firstShowId: 1, shows: 8, seatsPerShow: 100 }, 800), /too small/)
})

t.test('a buyer sees on the map which pairs are free', async (t) => {
  t.same(freePairs(Buffer.from([0b0000_0010, 0b0000_0001]), 12), [3, 5, 7, 11])
})
