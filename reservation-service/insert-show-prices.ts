import type { Tx } from '../chassis/postgres.ts'
import type { ShowRequest } from '../contracts/selling.ts'

type Reduced = ShowRequest['prices'][number]['reduced']

/** Ticket types, and what each costs in each category and zone. Types are numbered in the order of the request; 1 is the full price. */
export async function insertShowPrices(tx: Tx, showId: number, { ticketTypes = [], prices, zones }: ShowRequest): Promise<void> {
  await insertTypes(tx, showId, ticketTypes)
  await insertPrices(
    tx,
    showId,
    prices.flatMap(({ category, priceClp, reduced }) => [
      { category, typeNo: 1, priceClp },
      ...reducedBy(ticketTypes, reduced).map((price) => ({ category, ...price }))
    ])
  )
  await insertZones(tx, showId, zones)
  await insertZonePrices(
    tx,
    showId,
    zones.flatMap(({ reduced }, i) => reducedBy(ticketTypes, reduced).map((price) => ({ zoneNo: i + 1, ...price })))
  )
}

function reducedBy(ticketTypes: string[], reduced: Reduced = []): Array<{ typeNo: number; priceClp: number }> {
  return reduced.map(({ ticketType, priceClp }) => ({ typeNo: ticketTypes.indexOf(ticketType) + 1, priceClp }))
}

async function insertTypes(tx: Tx, showId: number, ticketTypes: string[]): Promise<void> {
  await tx.query(
    `insert into selling.ticket_types (show_id, type_no, name)
     select $1, type_no, name from unnest($2::text[]) with ordinality as type (name, type_no)`,
    [showId, ticketTypes]
  )
}

async function insertPrices(tx: Tx, showId: number, prices: Array<{ category: string; typeNo: number; priceClp: number }>): Promise<void> {
  await tx.query(
    `insert into selling.show_prices (show_id, category, type_no, price_clp)
     select $1, category, type_no, price_clp
     from unnest($2::text[], $3::integer[], $4::integer[]) as price (category, type_no, price_clp)`,
    [showId, prices.map(({ category }) => category), prices.map(({ typeNo }) => typeNo), prices.map(({ priceClp }) => priceClp)]
  )
}

async function insertZones(tx: Tx, showId: number, zones: ShowRequest['zones']): Promise<void> {
  await tx.query(
    `insert into selling.show_zones (show_id, zone_no, name, capacity, price_clp)
     select $1, zone_no, name, capacity, price_clp
     from unnest($2::text[], $3::integer[], $4::integer[]) with ordinality as zone (name, capacity, price_clp, zone_no)`,
    [showId, zones.map(({ name }) => name), zones.map(({ capacity }) => capacity), zones.map(({ priceClp }) => priceClp)]
  )
}

async function insertZonePrices(
  tx: Tx,
  showId: number,
  prices: Array<{ zoneNo: number; typeNo: number; priceClp: number }>
): Promise<void> {
  await tx.query(
    `insert into selling.zone_prices (show_id, zone_no, type_no, price_clp)
     select $1, zone_no, type_no, price_clp
     from unnest($2::integer[], $3::integer[], $4::integer[]) as price (zone_no, type_no, price_clp)`,
    [showId, prices.map(({ zoneNo }) => zoneNo), prices.map(({ typeNo }) => typeNo), prices.map(({ priceClp }) => priceClp)]
  )
}
