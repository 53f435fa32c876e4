import { arena } from './arena.ts'
import type { Venue } from './plan.ts'
import { stadium } from './stadium.ts'
import { theatre } from './theatre.ts'

/** The houses of the demo, by the code of their plan. Drawing one takes a tenth of a second. */
export const VENUES: Record<string, () => Venue> = {
  'teatro-municipal-santiago': theatre,
  'movistar-arena-santiago': arena,
  'estadio-nacional-santiago': stadium
}
