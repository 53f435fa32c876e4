import { ELECTION } from './election.ts'
import type { Mutant } from './mutant.ts'
import { NODES } from './nodes.ts'
import { SALES } from './sales.ts'

export const MUTANTS: Mutant[] = [...ELECTION, ...NODES, ...SALES]
