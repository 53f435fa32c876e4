import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Evidence, readEvidence } from '../evidence.ts'

/** A series that is kept, under its own name. */
export interface Bundle extends Evidence {
  name: string
}

/** Everything that is kept, in the order of names. */
export function readBundles(directory: string): Bundle[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => ({ ...readEvidence(join(directory, name)), name }))
}

export function ofScenarios(bundles: Bundle[], scenarios: readonly string[]): Bundle[] {
  return bundles.filter(({ result }) => scenarios.includes(result.scenario))
}
