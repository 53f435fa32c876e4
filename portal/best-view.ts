import type { Show } from './catalogue.ts'
import type { Words } from './words.ts'

/** The form of those who do not want to choose seats themselves. */
export interface BestView {
  /** How many tickets of each type; one without a name where a ticket is a ticket. */
  counts: Array<{ name: string; label: string; quantities: Array<{ quantity: number; chosen: boolean }> }>
  categories: Array<{ value: string; text: string }>
  sections: Array<{ value: string; text: string }>
  /** How many wheelchairs; empty where the show has no places for them. */
  wheelchairs: Array<{ count: number; text: string }>
  /** What so many wheelchairs (from 1) and companions (from 0) are called. */
  parties: string[][]
}

const WHEELCHAIRS_MAX = 4
const USUAL_PARTY = 2

/** @returns undefined where nothing is to be found: no section has a free seat. */
export function bestView(words: Words, show: Show): BestView | undefined {
  const open = show.sections.filter(({ free }) => free > 0)
  if (open.length === 0) return undefined
  const max = show.ticketsPerOrderMax
  const types = show.ticketTypes.length > 0 ? show.ticketTypes : ['']
  const chairs = show.hasAccessible ? Array.from({ length: Math.min(WHEELCHAIRS_MAX, max) }, (_, i) => i + 1) : []
  return {
    counts: types.map((type, i) => ({
      name: type === '' ? 'cantidad' : `cantidad-${i + 1}`,
      label: type || words.best.quantity,
      quantities: Array.from({ length: max + 1 }, (_, quantity) => ({
        quantity,
        chosen: quantity === (i === 0 ? Math.min(USUAL_PARTY, max) : 0)
      })).slice(type === '' ? 1 : 0)
    })),
    categories: show.prices.map(({ category, priceClp }) => ({
      value: `c-${category}`,
      text: words.best.choice(category, words.money(priceClp))
    })),
    sections: open.map(({ sectionNo, name }) => ({ value: `s-${sectionNo}`, text: name })),
    wheelchairs: chairs.map((count) => ({ count, text: words.best.party(count, 0) })),
    parties: chairs.map((count) => Array.from({ length: max - count + 1 }, (_, companions) => words.best.party(count, companions)))
  }
}
