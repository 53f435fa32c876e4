import type { Kind } from '../../cluster/rules.ts'
import { KINDS } from '../../cluster/topology.ts'

/** What people may notice of the death of one component, at most. */
export interface Notice {
  /** The longest time without a success at the box office. */
  salesMsMax: number
  /** The longest time without a page of the catalogue. */
  pagesMsMax: number
  /** Whether somebody at the box office may first be told an error. */
  errors: boolean
  /** How many purchases that were begun may fail. */
  purchasesFailedMax: number
}

export interface Mortal {
  name: string
  notice: Notice
}

const SALES_MS_MAX = 1_500
const PAGES_MS_MAX = 1_500
const NOTHING: Notice = { salesMsMax: SALES_MS_MAX, pagesMsMax: PAGES_MS_MAX, errors: false, purchasesFailedMax: 0 }
/** A purchase whose lease has to run out first is done later than its browser asks: it is told to wait, and looks again. */
const ONE_UNDER_WAY = 1

const NOTICES: Partial<Record<Kind, Partial<Notice>>> = {
  gateway: { pagesMsMax: 5_000, purchasesFailedMax: 6 }, // the only door: who clicks while it is away is told so by their browser
  orchestrator: { purchasesFailedMax: ONE_UNDER_WAY },
  portal: { purchasesFailedMax: ONE_UNDER_WAY },
  reservation: { errors: true }, // whoever is at its counter sees it die, and goes to the other one
  postgres: { salesMsMax: 5_000, pagesMsMax: 3_000 },
  bank: { purchasesFailedMax: 6 } // the world outside: whoever is at its counter sees it die
}
/** A job that has ended cannot be killed. */
const ENDED: readonly Kind[] = ['migrate']

/** Every component of an instance that lives, from the door inwards. */
export const MORTALS: Mortal[] = (Object.keys(KINDS) as Kind[])
  .filter((kind) => !ENDED.includes(kind))
  .flatMap((kind) => Object.keys(KINDS[kind].instances).map((name) => ({ name, notice: { ...NOTHING, ...NOTICES[kind] } })))
