import type { Measured } from './figures.ts'
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

/** Baseline and ratio are null where nothing is compared: then `ours` is measured against the target itself. */
export interface Outcome extends Measured {
  holds: boolean
  figures: Record<string, unknown>
  rounds: Measured[]
}

export interface Bench {
  what: string
  target: string
  /** @throws Error when what was measured is void: a purchase is missing, a seat was given twice, an answer is not what was asked for. */
  run: (lab: Lab) => Promise<Outcome>
}
