import type { ListedShow } from './catalogue.ts'
import { shortDayOf } from './dates.ts'
import type { Words } from './words.ts'

export type SaleState = 'onSale' | 'few' | 'soldOut' | 'soon' | 'over'

const FEW_SHARE = 0.1

type Sale = Pick<ListedShow, 'salesFrom' | 'salesUntil' | 'total' | 'free'>

/** Whether a show sells now, as far as a page can tell. The seller decides; its clock and its seats are the truth. */
export function saleStateOf({ salesFrom, salesUntil, total, free }: Sale, now: Date): SaleState {
  if (now >= salesUntil) return 'over'
  if (now < salesFrom) return 'soon'
  if (free === 0) return 'soldOut'
  return free < total * FEW_SHARE ? 'few' : 'onSale'
}

export function sells(state: SaleState): boolean {
  return state === 'onSale' || state === 'few'
}

/** The badge of a show. */
export function saleWords(words: Words, show: ListedShow, now: Date): { state: SaleState; text: string } {
  const state = saleStateOf(show, now)
  const { states } = words.catalogue
  return { state, text: state === 'soon' ? states.soon(shortDayOf(words, show.salesFrom, show.timeZone)) : states[state] }
}
