import type { Price } from './shows.ts'

/** The first of each is the full price. */
export const THEATRE_TYPES = ['General', 'Estudiante', 'Adulto mayor']
export const ARENA_TYPES = ['Adulto', 'Niño']
/** What the other types pay, as shares of the full price. */
const CONCESSIONS = { Estudiante: 0.6, 'Adulto mayor': 0.7 }
export const CHILD = { Niño: 0.5 }
const STEP_CLP = 500

export function reduced(priceClp: number, shares: Record<string, number>): Price[] {
  return Object.entries(shares).map(([ticketType, share]) => ({
    ticketType,
    priceClp: STEP_CLP * Math.ceil((priceClp * share) / STEP_CLP)
  }))
}

/** A category of the theatre with its concessions. */
export function seats(category: string, priceClp: number) {
  return { category, priceClp, reduced: reduced(priceClp, CONCESSIONS) }
}

/** A category of the arena where children pay less. */
export function family(category: string, priceClp: number) {
  return { category, priceClp, reduced: reduced(priceClp, CHILD) }
}
