import t from 'tap'
import { isUnavailable } from '../chassis/errors.ts'
import { type Batch, endAll, fateOf, givenLanes, settle } from './given-lanes.ts'
import { openLanes } from './lanes.ts'

t.test('an idle lane starts at once, and a batch grows only while others are under way', async (t) => {
  const { enter, batch, batches } = givenLanes({ batchMax: 3 })

  const first = enter(1, 'a')
  await batch(0)
  const rest = ['b', 'c', 'd', 'e'].map((name) => enter(1, name))
  await settle()
  t.equal(batches.length, 1)
  for (const i of [0, 1, 2]) (await batch(i)).commit()

  t.strictSame(await Promise.all([first, ...rest]), ['a', 'b', 'c', 'd', 'e'])
  t.strictSame(
    batches.map(({ commands }) => commands),
    [['a'], ['b', 'c', 'd'], ['e']]
  )
})

t.test('what comes together is one batch', async (t) => {
  const { enter, batch } = givenLanes()

  const answers = Promise.all(['a', 'b', 'c'].map((name) => enter(1, name)))
  const { commands, commit } = await batch(0)
  commit()

  t.strictSame(commands, ['a', 'b', 'c'])
  t.strictSame(await answers, commands)
})

t.test('a show is in one batch at a time, and another lane takes the other shows', async (t) => {
  const { enter, batch, batches } = givenLanes({ lanes: 2 })

  const answers = [enter(1, 'a')]
  await batch(0)
  answers.push(enter(1, 'b'), enter(2, 'c'), enter(1, 'd'))
  t.strictSame((await batch(1)).commands, ['c'])
  await settle()
  t.equal(batches.length, 2)
  batches[0]!.commit()
  t.strictSame((await batch(2)).commands, ['b', 'd'])
  for (const { commit } of batches) commit()

  t.strictSame(await Promise.all(answers), ['a', 'b', 'c', 'd'])
})

for (const lanes of [1, 2]) {
  t.test(`a storm of a thousand on one show delays another show by one batch at most, with ${lanes} lanes`, async (t) => {
    const { enter, batch, batches } = givenLanes({ lanes, batchMax: 64 })
    const storm = Array.from({ length: 1_000 }, (_, i) => enter(1, `storm ${i}`))
    const others: Array<Promise<string>> = []

    for (let round = 0; round < 15; round++) {
      const underway = await batch(batches.length === 0 ? 0 : batches.length - 1)
      const begun = batches.length
      others.push(enter(2, `other ${round}`))
      await settle()
      underway.commit()
      await batch(begun)
      t.ok(batches[begun]!.commands.includes(`other ${round}`), `round ${round}`)
      if (lanes === 2) batches[begun]!.commit()
    }
    await commitAll(batches, Promise.all([...storm, ...others]))

    t.equal((await Promise.all(storm)).length, 1_000)
  })
}

t.test('many stormy shows take turns: none comes twice before all others came once', async (t) => {
  const { enter, batches } = givenLanes({ batchMax: 4 })

  const storms = Array.from({ length: 60 }, (_, i) => enter(i % 10, `${i % 10}`))
  await commitAll(batches, Promise.all(storms))

  const firstTen = batches.flatMap(({ commands }) => commands).slice(0, 10)
  t.equal(new Set(firstTen).size, 10, firstTen.join())
})

t.test('a full line refuses at once, and a line that is full for one show has room for another', async (t) => {
  const { enter, batch, batches, waiting } = givenLanes({ waitingMax: 4, waitingPerShowMax: 3 })
  const underway = enter(1, 'underway')
  await batch(0)

  const ofShow = ['a', 'b', 'c'].map((name) => enter(1, name))
  const tooMany = enter(1, 'd')
  const other = enter(2, 'e')
  const full = enter(3, 'f')

  t.ok(isUnavailable(await fateOf(tooMany)))
  t.ok(isUnavailable(await fateOf(full)))
  t.equal(waiting(), 4)
  await commitAll(batches, Promise.all([underway, ...ofShow, other]))
  t.equal(waiting(), 0)
  t.notOk(
    batches.some(({ commands }) => commands.includes('d') || commands.includes('f')),
    'who was refused is never done'
  )
})

t.test('a batch that fails is halved until the culprit alone has its error, in few batches', async (t) => {
  const culprit = new Error('mine alone')
  let runs = 0
  const lanes = openLanes<number, number>(
    { lanes: 1, batchMax: 64, waitingMax: 64, waitingPerShowMax: 64, answerMsMax: 5_000, triesMax: 1 },
    async (commands) => {
      runs++
      if (commands.includes(41)) throw culprit
      return commands.map((answer) => ({ answer }))
    }
  )

  const answers = await Promise.allSettled(Array.from({ length: 64 }, (_, i) => lanes.enter(1, i)))

  t.strictSame(
    answers.flatMap((answer, i) => (answer.status === 'rejected' ? [[i, answer.reason]] : [])),
    [[41, culprit]]
  )
  t.equal(runs, 13, 'the whole, then two halves six times')
})

t.test('whoever asks for another try comes before those who came later, in the order they had', async (t) => {
  const { enter, batch, batches } = givenLanes({ batchMax: 3 })
  const again = { again: new Error('stale') }

  const answers = Promise.all(['a', 'b', 'c', 'd'].map((name) => enter(1, name)))
  ;(await batch(0)).commit({ a: again, b: again })
  t.strictSame((await batch(1)).commands, ['a', 'b', 'd'])
  await commitAll(batches, answers)
})

function commitAll(batches: Batch[], done: Promise<unknown>): Promise<void> {
  return endAll(batches, done, (batch) => batch.commit())
}
