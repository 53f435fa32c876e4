import t from 'tap'
import { isUnavailable, isUnknown, Refusal, unavailable, unknownOutcome } from './errors.ts'
import { openPatience } from './patience.ts'

const AWAY = unavailable('the database')
const CUT = unknownOutcome('cut')

t.test('a command that found no writer, or whose outcome is not known, is sent again until it has an answer', async (t) => {
  const { next, asked } = givenOutcomes(AWAY, CUT, AWAY, 'done')

  const answer = await openPatience({ answerMsMax: 5_000, commandsMax: 1 })(next)

  t.equal(answer, 'done')
  t.equal(asked(), 4)
})

t.test('a refusal and a bug are never sent again', async (t) => {
  const patiently = openPatience({ answerMsMax: 5_000, commandsMax: 1 })
  for (const answer of [new Refusal('NO', 409, 'no', {}), new Error('a bug')]) {
    const { next, asked } = givenOutcomes(AWAY, answer, 'done')

    t.equal(await failure(patiently(next)), answer)
    t.equal(asked(), 2)
  }
})

t.test('at the deadline what was never sent was not done, and what was unknown once stays unknown', async (t) => {
  const patiently = openPatience({ answerMsMax: 150, commandsMax: 2 })

  t.ok(isUnavailable(await failure(patiently(givenOutcomes().next))))
  t.ok(isUnknown(await failure(patiently(givenOutcomes(CUT).next))))
})

t.test('what a command waited for before it came here counts', async (t) => {
  const { next, asked } = givenOutcomes()
  const patiently = openPatience({ answerMsMax: 60_000, commandsMax: 1 })

  t.ok(isUnavailable(await failure(patiently(next, performance.now() - 60_000))))
  t.equal(asked(), 1, 'one try, for the deadline is over')
})

t.test('so many wait and no more: who comes on top is told at once, is never sent, and finds room when others have gone', async (t) => {
  const patiently = openPatience({ answerMsMax: 60_000, commandsMax: 2 })
  let there = false
  const command = async () => {
    if (there) return 'done'
    throw AWAY
  }
  const waiting = [patiently(command), patiently(command)]
  const { next, asked } = givenOutcomes('done')

  t.ok(isUnavailable(await failure(patiently(next))))
  t.equal(asked(), 0)
  there = true
  t.strictSame(await Promise.all(waiting), ['done', 'done'])
  t.equal(await patiently(next), 'done')
})

/** One after the other; the database is away when there are none left. */
function givenOutcomes(...outcomes: unknown[]) {
  let asked = 0
  return {
    asked: () => asked,
    async next() {
      const outcome = outcomes.length > asked ? outcomes[asked] : AWAY
      asked++
      if (outcome instanceof Error) throw outcome
      return outcome
    }
  }
}

function failure(command: Promise<unknown>): Promise<unknown> {
  return command.then(
    () => Promise.reject(new Error('it worked')),
    (err: unknown) => err
  )
}
