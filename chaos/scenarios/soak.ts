import { ACCIDENTS, type Accident } from '../accidents.ts'
import { type Holdings, leaksIn, takeStock } from '../leaks.ts'
import { oneOf } from '../random.ts'
import type { Scenario, Scene } from '../scenario.ts'

const ACCIDENTS_MS = 22 * 60_000
const CALM_MS = 8 * 60_000
/** The first and the last of the calm minutes are compared. */
const COMPARED_MS = 2 * 60_000
const LOOK_MS = 10_000
const PAUSE_MS_MAX = 10_000
const WHOLE_MS_MAX = 90_000

const scenario: Scenario = {
  what: 'Twenty-two minutes of accidents by chance, one after the other, and eight calm minutes',
  promise:
    'Nothing acknowledged is lost, no seat is sold twice; nothing grows in the calm: memory, connections, slots, directories, open files',
  needs: 'addresses',
  apart: 'it takes half an hour',
  runs: 1,
  load: { salesPerSecond: 1, purchasesPerSecond: 0.2, readsPerSecond: 1, pagesPerSecond: 2 },
  async run(scene) {
    scene.struck()
    const accidents = await haveAccidents(scene)
    scene.must('forty accidents happened', accidents >= 40)
    scene.figure('accidents', accidents)

    const looks = await lookOn(scene)
    const early = looks.filter(({ atMs }) => atMs <= COMPARED_MS).map(({ holdings }) => holdings)
    const late = looks.filter(({ atMs }) => atMs >= CALM_MS - COMPARED_MS).map(({ holdings }) => holdings)
    const leaks = leaksIn(early, late)
    scene.must('there was something to compare', early.length > 0 && late.length > 0)
    scene.kept(`nothing grows (${leaks.join('; ')})`, leaks.length === 0)
    for (const [what, value] of Object.entries(late.at(-1) ?? {})) scene.figure(what, value)
    return undefined
  }
}

export default scenario

/** @returns How many. */
async function haveAccidents(scene: Scene): Promise<number> {
  for (let count = 0; ; count++) {
    if (scene.sinceStruckMs() > ACCIDENTS_MS) return count
    const accident = oneOf(scene.random, ACCIDENTS as [Accident, ...Accident[]])
    scene.say(accident.what)
    await accident.happen(scene)
    await scene.eventually('a whole cluster', WHOLE_MS_MAX, async () => (await scene.missing()).length === 0)
    await scene.wait(scene.random() * PAUSE_MS_MAX)
  }
}

async function lookOn(scene: Scene): Promise<Array<{ atMs: number; holdings: Holdings }>> {
  const beganMs = performance.now()
  const looks: Array<{ atMs: number; holdings: Holdings }> = []
  for (let atMs = 0; atMs < CALM_MS; atMs = performance.now() - beganMs) {
    looks.push({ atMs, holdings: await takeStock(scene) })
    await scene.wait(LOOK_MS)
  }
  return looks
}
