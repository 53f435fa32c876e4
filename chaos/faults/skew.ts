import type { Scene } from '../scenario.ts'
import { setClock } from './clocks.ts'
import { timeAt } from './time-told.ts'

const HOUR_SECONDS = 3_600
const SLACK_MS = 60_000

/** Starts a component anew with a clock that is so many hours ahead, or behind when they are negative, and looks that it believes it. */
export async function restartAhead(scene: Scene, component: string, hours: number): Promise<void> {
  await scene.stop(component)
  setClock(scene.instance, component, hours * HOUR_SECONDS)
  await scene.start(component)
  if (hours === 0) return
  const wrongMs = (await timeAt(scene, component)) - Date.now() - hours * HOUR_SECONDS * 1_000
  scene.must('a clock was wrong', Math.abs(wrongMs) < SLACK_MS)
  scene.say(`${component} is ${Math.abs(hours)} h ${hours > 0 ? 'ahead' : 'behind'}`)
}
