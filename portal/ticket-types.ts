import type { Pool } from 'pg'
import { rowsOf } from './standby.ts'
import type { Words } from './words.ts'

/** What each ticket type costs somewhere, the full price first; null: it is not sold there. */
export type TypePrices = ReadonlyArray<number | null>

/** A ticket type somebody may choose, with its price. */
export interface TypeView {
  typeNo: number
  name: string
  price: string
}

interface TypePrice {
  category: string | null
  zoneNo: number | null
  typeNo: number
  priceClp: number
}

/** The types that are sold at these prices; none where a ticket is a ticket. */
export function typesFor(words: Words, names: string[], prices: TypePrices): TypeView[] {
  return names.flatMap((name, i) => {
    const priceClp = prices[i] ?? null
    return priceClp === null ? [] : [{ typeNo: i + 1, name, price: words.money(priceClp) }]
  })
}

export function typePricesOf(prices: TypePrice[], isThere: (price: TypePrice) => boolean): TypePrices {
  const here = prices.filter(isThere)
  const last = Math.max(0, ...here.map(({ typeNo }) => typeNo))
  return Array.from({ length: last }, (_, i) => here.find(({ typeNo }) => typeNo === i + 1)?.priceClp ?? null)
}

export async function readTicketTypes(pool: () => Pool, showId: number): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(pool, 'select name from catalogue.ticket_types where show_id = $1 order by type_no', [showId])
  return rows.map(({ name }) => name)
}

export async function readTypePrices(pool: () => Pool, showId: number): Promise<TypePrice[]> {
  return rowsOf<TypePrice>(
    pool,
    `select category, zone_no as "zoneNo", type_no as "typeNo", price_clp as "priceClp"
     from catalogue.type_prices
     where show_id = $1`,
    [showId]
  )
}
