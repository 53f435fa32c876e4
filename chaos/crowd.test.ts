import { readFileSync } from 'node:fs'
import t from 'tap'
import { INSTANCE_MAX } from '../cluster/instance.ts'
import { openCrowd } from './crowd.ts'
import type { Job } from './load/load.ts'

const JOB: Job = {
  instance: INSTANCE_MAX,
  historyPath: '/dev/null',
  seed: 1,
  halls: { calmShowIds: [], contestedShowId: 1, seatsPerShow: 100, shopShow: '' }
}

t.test('buyers who cannot begin say why, and nobody waits for them', async (t) => {
  const crowd = openCrowd((err) => t.fail(err.message))

  await t.rejects(crowd.begin({ ...JOB, instance: -1 }))
  crowd.close()
})

t.test('buyers who die are trouble, and take no more orders', async (t) => {
  const { promise, resolve } = Promise.withResolvers<Error>()
  const crowd = openCrowd(resolve)
  const pid = latestChild()

  process.kill(pid, 'SIGKILL')

  t.match(await promise, /the process of buyers has ended \(SIGKILL\)/)
  await t.rejects(crowd.rest())
})

t.test('buyers who are sent home are no trouble', async (t) => {
  const crowd = openCrowd((err) => t.fail(err.message))

  crowd.close()

  await t.rejects(crowd.begin(JOB))
})

function latestChild(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').at(-1))
}
