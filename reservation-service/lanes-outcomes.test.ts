import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { isUnavailable, isUnknown, unavailable, unknownOutcome } from '../chassis/errors.ts'
import { faultsOf, laneHistories } from './given-lane-history.ts'
import { endAll, fateOf, givenLanes } from './given-lanes.ts'
import { openLanes } from './lanes.ts'

const UNKNOWN = unknownOutcome('cut')
const AWAY = unavailable('the database')
const LOCKED = unavailable('the database', { code: '55P03' })
/** Histories that run at the same time: most of their time is waiting. */
const SIDE_BY_SIDE = 40
const NEVER_MS = 1_500

t.test('another try is given so many times and no more', async (t) => {
  const stale = new Error('stale')
  const { enter, batch, batches } = givenLanes({ triesMax: 3 })

  const answer = enter(1, 'a').catch((err: unknown) => err)
  for (const i of [0, 1, 2]) (await batch(i)).commit({ a: { again: stale } })

  t.equal(await answer, stale)
  t.equal(batches.length, 3)
})

t.test('when the fate of a commit is not known nobody is answered, and all are done again', async (t) => {
  const { enter, batch } = givenLanes()

  const answers = [enter(1, 'a'), enter(1, 'b')]
  ;(await batch(0)).fail(UNKNOWN)
  t.strictSame(await Promise.all(answers.map(fateOf)), ['waiting', 'waiting'])
  const again = await batch(1)
  again.commit({ b: { error: new Error('taken') } })

  t.strictSame(again.commands, ['a', 'b'])
  t.equal(await answers[0], 'a')
  await t.rejects(answers[1]!, { message: 'taken' })
})

t.test('what stays unknown is told to be unknown at the deadline, also when the database is away by then', async (t) => {
  const { enter, batch, batches } = givenLanes({ answerMsMax: 120 })

  const answers = ['a', 'b'].map((name) => enter(1, name).catch((err: unknown) => err))
  ;(await batch(0)).fail(UNKNOWN)
  await endAll(batches, Promise.all(answers), (batch) => batch.fail(AWAY))

  t.strictSame((await Promise.all(answers)).map(isUnknown), [true, true])
  t.ok(batches.every(({ commands }) => commands.length === 2))
})

t.test('a database that is away is asked again by the whole batch until the deadline, and nothing was done', async (t) => {
  const { enter, batches } = givenLanes({ answerMsMax: 300 })

  const answers = ['a', 'b'].map((name) => enter(1, name).catch((err: unknown) => err))
  await endAll(batches, Promise.all(answers), (batch) => batch.fail(AWAY))

  t.strictSame((await Promise.all(answers)).map(isUnavailable), [true, true])
  t.ok(batches.length > 1 && batches.every(({ commands }) => commands.length === 2), `${batches.length} batches`)
})

t.test('whoever waits past the deadline is refused and never done', async (t) => {
  const { enter, batch, batches } = givenLanes({ answerMsMax: 50 })
  const slow = enter(1, 'slow')
  await batch(0)

  const late = [enter(1, 'late'), enter(2, 'late too')].map((answer) => answer.catch((err: unknown) => err))
  await sleep(80)
  batches[0]!.commit()

  t.equal(await slow, 'slow')
  t.strictSame((await Promise.all(late)).map(isUnavailable), [true, true])
  t.equal(batches.length, 1)
})

t.test(
  'a batch that is halved because of a lock is answered by the deadline, and does not keep its lane for a wait per command',
  async (t) => {
    const [RUN_MS, IN_TIME_MS] = [30, 1_500]
    const lanes = openLanes<number, number>(
      { lanes: 1, batchMax: 64, waitingMax: 64, waitingPerShowMax: 64, answerMsMax: 100, triesMax: 1 },
      async () => {
        await sleep(RUN_MS)
        throw LOCKED
      }
    )
    const beganMs = performance.now()

    const answers = await Promise.allSettled(Array.from({ length: 64 }, (_, i) => lanes.enter(1, i)))

    const tookMs = performance.now() - beganMs
    t.ok(answers.every((answer) => answer.status === 'rejected' && isUnavailable(answer.reason)))
    t.ok(tookMs < IN_TIME_MS, `${Math.round(tookMs)} ms, and 64 waits are ${64 * RUN_MS}`)
  }
)

t.test('whoever is late from one moment to the next is answered too, whatever was being done at that moment', async (t) => {
  const { now } = performance
  let ticks = 0
  performance.now = () => ++ticks // each look at the clock is later than the one before
  t.teardown(() => Object.assign(performance, { now }))

  for (let answerMsMax = 1; answerMsMax <= 12; answerMsMax++) {
    const { enter, batches } = givenLanes({ answerMsMax })
    const answers = Promise.all(['a', 'b'].map((name) => enter(1, name).catch((err: unknown) => err)))
    const ended = Promise.race([answers, sleep(NEVER_MS, 'never', { ref: false })])
    await endAll(batches, ended, (batch) => batch.fail(AWAY))

    t.not(await ended, 'never', `a deadline of ${answerMsMax} looks at the clock`)
  }
})

t.test('whatever becomes of batches, everybody is told once, and the truth', async (t) => {
  const told = fc.asyncProperty(fc.array(laneHistories, { minLength: 1, maxLength: SIDE_BY_SIDE }), async (histories) => {
    const faults = (await Promise.all(histories.map((history) => faultsOf(history)))).flat()
    if (faults.length > 0) throw new Error(faults.join('; '))
  })

  const { failed, errorInstance } = await fc.check(told, { numRuns: 15 })

  t.notOk(failed, String(errorInstance))
})

t.test('lanes that take an unknown outcome for a failure are found out, by a short history', async (t) => {
  const forgetful: typeof openLanes = (limits, run) =>
    openLanes(limits, (commands) => run(commands).catch((err: Error) => Promise.reject(isUnknown(err) ? new Error(err.message) : err)))
  const told = fc.asyncProperty(laneHistories, async (history) => (await faultsOf(history, forgetful)).length === 0)

  const { failed, counterexample } = await fc.check(told, { numRuns: 200, seed: 1 })

  t.ok(failed)
  const { arrivals, batches } = counterexample![0]
  t.equal(arrivals.length, 1)
  t.ok(batches.every(({ fate }) => fate === 'lost' || fate === 'kept') && batches.length === 1, JSON.stringify(batches))
})
