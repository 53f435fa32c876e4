import type { Pool } from 'pg'
import type { Drawing } from './drawing.ts'
import type { Read } from './fresh.ts'
import type { ShowHeader } from './show-header.ts'
import { rowsOf, stamped } from './standby.ts'

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
  free: number
}

export interface Price {
  category: string
  priceClp: number
  color: string
}

export interface Seat {
  seatNo: number
  row: string
  label: string
  category: string
  x: number
  y: number
  priceClp: number
  free: boolean
}

export interface Dot {
  sectionNo: number
  x: number
  y: number
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

/** A show with its sections, zones and prices; undefined when there is none of that code. */
export async function readShow(pool: () => Pool, code: string): Promise<Read<Show | undefined>> {
  const [show] = await rowsOf<Omit<Show, 'total' | 'free' | 'sections' | 'zones' | 'prices'>>(
    pool,
    `select ${LISTED}, s.plan_id as "planId", s.address, s.doors_at as "doorsAt", s.description_es as "descriptionEs",
            s.description_en as "descriptionEn", s.service_fee_per_ticket_clp as "feePerTicketClp", s.width, s.height, s.shapes
     from catalogue.shows s
     where s.code = $1`,
    [code]
  )
  if (!show) return stamped(pool, undefined)
  const sections = await readSections(pool, show.showId)
  const zones = await readZones(pool, show.showId)
  const total = [...sections.map((section) => section.total), ...zones.map(({ capacity }) => capacity)].reduce((sum, n) => sum + n, 0)
  const free = [...sections, ...zones].reduce((sum, part) => sum + part.free, 0)
  return stamped(pool, { ...show, sections, zones, prices: await readPrices(pool, show.showId), total, free })
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

/** In the order of the plan, which is the order of its rows. */
export async function readSeats(pool: () => Pool, showId: number, sectionNo: number): Promise<Read<Seat[]>> {
  return stamped(
    pool,
    await rowsOf<Seat>(
      pool,
      `select seat_no as "seatNo", row_label as row, seat_label as label, category, x, y, price_clp as "priceClp", state = 'free' as free
       from catalogue.seats
       where show_id = $1 and section_no = $2
       order by seat_no`,
      [showId, sectionNo]
    )
  )
}

/** Where the seats of a whole plan stand. Tens of thousands in a stadium: read once per plan, which never changes. */
export async function readDots(pool: () => Pool, showId: number): Promise<Dot[]> {
  return rowsOf<Dot>(pool, 'select section_no as "sectionNo", x, y from catalogue.seats where show_id = $1', [showId])
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

async function readZones(pool: () => Pool, showId: number): Promise<Zone[]> {
  return rowsOf<Zone>(
    pool,
    `select zone_no as "zoneNo", name, capacity, price_clp as "priceClp", greatest(free, 0) as free
     from catalogue.zones
     where show_id = $1
     order by zone_no`,
    [showId]
  )
}

async function readPrices(pool: () => Pool, showId: number): Promise<Price[]> {
  return rowsOf<Price>(
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
