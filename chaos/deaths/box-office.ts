import { machineMs } from '../clock.ts'
import { nuisanceIn } from '../figures.ts'
import type { Scene } from '../scenario.ts'

/** Nobody who came to the box office since the fault struck was first told an error. */
export function nobodyNoticed(scene: Scene): void {
  const { came, sawErrors } = nuisanceIn([...scene.stories('sale'), ...scene.stories('hold')], scene.struckMs(), machineMs())
  scene.kept(`nobody at the box office sees an error (${sawErrors} of ${came} did)`, sawErrors === 0)
}
