import type { Round } from './figures.ts'
import type { Load } from './load/load.ts'
import type { Shop } from './shop.ts'

/** Where a benchmark runs, and for how long. */
export interface Lab {
  shop: Shop
  load: Load
  /** Of load, in one turn of one side. */
  seconds: number
  rounds: number
  /** How many orders stand in a database that is not new. */
  orders: number
  say: (text: string) => void
}

export interface Outcome {
  ours: number
  /** Null where nothing is compared: then `ours` is measured against the target itself. */
  baseline: number | null
  ratio: number | null
  holds: boolean
  figures: Record<string, unknown>
  rounds: Round[]
}

export interface Bench {
  what: string
  target: string
  /** @throws Error when what was measured is void: a purchase is missing, a seat was given twice, an answer is not what was asked for. */
  run: (lab: Lab) => Promise<Outcome>
}
