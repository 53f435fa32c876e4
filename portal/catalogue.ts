import type { Pool } from 'pg'
import type { Drawing } from './drawing.ts'
import type { Read } from './fresh.ts'
import type { ShowHeader } from './show-header.ts'
import { rowsOf, stamped } from './standby.ts'
import { readTicketTypes, readTypePrices, type TypePrices, typePricesOf } from './ticket-types.ts'

export interface ListedShow {
  showId: number
  code: string
  title: string
  genre: string
  venue: string
  city: string
  startsAt: Date
  timeZone: string
  salesFrom: Date
  salesUntil: Date
  priceFromClp: number
  priceToClp: number
  total: number
  free: number
}

export interface Show extends ListedShow {
  planId: number
  address: string
  doorsAt: Date | null
  descriptionEs: string
  descriptionEn: string
  feePerTicketClp: number
  width: number
  height: number
  shapes: Drawing[]
  ticketsPerOrderMax: number
  /** null: as many as there are. */
  ticketsPerBuyerMax: number | null
  /** Whether there are places for wheelchairs. */
  hasAccessible: boolean
  /** Names, the full price first; empty where a ticket is a ticket. */
  ticketTypes: string[]
  sections: Section[]
  zones: Zone[]
  prices: Price[]
}

export interface Section {
  sectionNo: number
  name: string
  left: number
  top: number
  right: number
  bottom: number
  total: number
  free: number
  priceFromClp: number
  priceToClp: number
  color: string
}

export interface Zone {
  zoneNo: number
  name: string
  capacity: number
  priceClp: number
  typesClp: TypePrices
  free: number
}

export interface Price {
  category: string
  priceClp: number
  typesClp: TypePrices
  color: string
}

const SHOWS_MAX = 200

export async function readShows(pool: () => Pool): Promise<Read<ListedShow[]>> {
  return stamped(
    pool,
    await rowsOf<ListedShow>(
      pool,
      `select ${LISTED}, a.total, greatest(a.free, 0) as free
       from catalogue.shows s join catalogue.availability a using (show_id)
       where s.starts_at > now() - interval '1 day'
       order by s.starts_at, s.show_id
       limit ${SHOWS_MAX}`
    )
  )
}

type Parts = 'total' | 'free' | 'sections' | 'zones' | 'prices' | 'ticketTypes'

/** A show with its sections, zones and prices; undefined when there is none of that code. */
export async function readShow(pool: () => Pool, code: string): Promise<Read<Show | undefined>> {
  const [show] = await rowsOf<Omit<Show, Parts>>(
    pool,
    `select ${LISTED}, s.plan_id as "planId", s.address, s.doors_at as "doorsAt", s.description_es as "descriptionEs",
            s.description_en as "descriptionEn", s.service_fee_per_ticket_clp as "feePerTicketClp", s.width, s.height, s.shapes,
            s.tickets_per_order_max as "ticketsPerOrderMax", s.tickets_per_buyer_max as "ticketsPerBuyerMax",
            exists (select from catalogue.seats t where t.show_id = s.show_id and t.accessible_no is not null) as "hasAccessible"
     from catalogue.shows s
     where s.code = $1`,
    [code]
  )
  if (!show) return stamped(pool, undefined)
  const sections = await readSections(pool, show.showId)
  const typed = await readTypePrices(pool, show.showId)
  const zones = (await readZones(pool, show.showId)).map((zone) => ({
    ...zone,
    typesClp: typePricesOf(typed, ({ zoneNo }) => zoneNo === zone.zoneNo)
  }))
  const prices = (await readPrices(pool, show.showId)).map((price) => ({
    ...price,
    typesClp: typePricesOf(typed, ({ category }) => category === price.category)
  }))
  const total = [...sections.map((section) => section.total), ...zones.map(({ capacity }) => capacity)].reduce((sum, n) => sum + n, 0)
  const free = [...sections, ...zones].reduce((sum, part) => sum + part.free, 0)
  return stamped(pool, { ...show, ticketTypes: await readTicketTypes(pool, show.showId), sections, zones, prices, total, free })
}

/** What pages of a purchase say about its show; a purchase knows its number only. */
export async function readHeader(pool: () => Pool, showId: number): Promise<Read<ShowHeader | undefined>> {
  const [header] = await rowsOf<ShowHeader>(
    pool,
    `select show_id as "showId", code, title, venue, starts_at as "startsAt", time_zone as "timeZone"
     from catalogue.shows
     where show_id = $1`,
    [showId]
  )
  return { value: header, behindSeconds: 0 }
}

async function readSections(pool: () => Pool, showId: number): Promise<Section[]> {
  return rowsOf<Section>(
    pool,
    `select section_no as "sectionNo", name, left_px as left, top_px as top, right_px as right, bottom_px as bottom,
            total, free, price_from_clp as "priceFromClp", price_to_clp as "priceToClp", color
     from catalogue.sections
     where show_id = $1
     order by section_no`,
    [showId]
  )
}

async function readZones(pool: () => Pool, showId: number): Promise<Array<Omit<Zone, 'typesClp'>>> {
  return rowsOf<Omit<Zone, 'typesClp'>>(
    pool,
    `select zone_no as "zoneNo", name, capacity, price_clp as "priceClp", greatest(free, 0) as free
     from catalogue.zones
     where show_id = $1
     order by zone_no`,
    [showId]
  )
}

async function readPrices(pool: () => Pool, showId: number): Promise<Array<Omit<Price, 'typesClp'>>> {
  return rowsOf<Omit<Price, 'typesClp'>>(
    pool,
    `select category, price_clp as "priceClp", color
     from catalogue.prices
     where show_id = $1
     order by price_clp desc, category`,
    [showId]
  )
}

const LISTED = `s.show_id as "showId", s.code, s.title, s.genre, s.venue, s.city, s.starts_at as "startsAt", s.time_zone as "timeZone",
            s.sales_from as "salesFrom", s.sales_until as "salesUntil", coalesce(s.price_from_clp, 0) as "priceFromClp",
            coalesce(s.price_to_clp, 0) as "priceToClp"`
