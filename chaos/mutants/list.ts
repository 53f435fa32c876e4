import { ELECTION } from './election.ts'
import type { Edit, Mutant } from './mutant.ts'
import { NODES } from './nodes.ts'
import { SALES } from './sales.ts'

export const MUTANTS: Mutant[] = [...ELECTION, ...NODES, ...SALES]

/** In a copy that was made worse, documents that do not come are not waited for: it is to be red, and the control has all the time. */
export const HASTE: Edit = { file: 'chaos/series.ts', find: 'const STILL_SECONDS_MAX = 180\n', put: 'const STILL_SECONDS_MAX = 20\n' }
