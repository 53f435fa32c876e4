import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { crowd, type Server } from './strangers.ts'

const PLACES = 12
const LOCALS = 5

t.test('strangers take what is free, then what those had whom they sent away, and then what anybody gives back', async (t) => {
  const house = givenHouse()

  const strangers = await crowd(house.server)
  await sleep(100)
  t.equal(strangers.count(), PLACES)
  t.equal(house.locals(), 0)
  t.ok(strangers.refused() > 0)
  t.throws(() => house.enterLocal(), /full/)

  await strangers.leave()
  t.equal(house.taken(), 0)
  t.ok(house.isClosed())
  house.enterLocal()
})

t.test('strangers who are told something else than that there is no room say so, and leave', async (t) => {
  const house = givenHouse()

  await t.rejects(crowd({ ...house.server, enter: () => Promise.reject(new Error('not today')) }, 50), /not every connection was taken/)

  t.equal(house.locals(), LOCALS)
  t.ok(house.isClosed())
})

/** A server with so many places, some of them taken by people of the shop. */
function givenHouse() {
  let [locals, strangers, closed] = [LOCALS, 0, false]
  const enter = () => {
    if (locals + strangers >= PLACES) throw new Error('full')
  }
  const server: Server = {
    async enter() {
      enter()
      strangers++
      return { leave: () => strangers-- }
    },
    isFull: (err) => (err as Error).message === 'full',
    async clear() {
      const before = locals
      locals = 0
      return before
    },
    async close() {
      closed = true
    }
  }
  return {
    server,
    locals: () => locals,
    taken: () => locals + strangers,
    isClosed: () => closed,
    enterLocal() {
      enter()
      locals++
    }
  }
}
