import type { Documents } from '../contracts/documents.ts'
import type { Purchase } from '../contracts/purchase.ts'
import type { Show } from './catalogue.ts'
import type { Seat } from './seats.ts'

export const NOW = new Date('2026-11-22T12:00:00Z')
export const PURCHASE_ID = '0f0e0d0c-1111-4222-8333-444455556666'
const ROWS = 4
const SEATS_PER_ROW = 6
const WHEELCHAIR_NO = 19
const COMPANION_NO = 21

/** A small house: a stage above, two sections below it, a floor for standing. */
export function givenShow(changes: Partial<Show> = {}): Show {
  return {
    showId: 7,
    code: 'luz-de-invierno',
    title: 'Los Faroles: Luz de invierno',
    genre: 'Música',
    venue: 'Teatro <del> Lago',
    city: 'Santiago',
    address: 'Agustinas 794',
    startsAt: new Date('2026-12-13T00:30:00Z'),
    doorsAt: new Date('2026-12-12T23:30:00Z'),
    timeZone: 'America/Santiago',
    salesFrom: new Date('2026-11-01T12:00:00Z'),
    salesUntil: new Date('2026-12-13T00:30:00Z'),
    priceFromClp: 9_000,
    priceToClp: 45_000,
    total: 148,
    free: 120,
    planId: 1,
    descriptionEs: 'Once canciones nuevas y las de siempre.',
    descriptionEn: 'Eleven new songs and all the old ones.',
    feePerTicketClp: 1_500,
    ticketsPerOrderMax: 10,
    ticketsPerBuyerMax: null,
    hasAccessible: false,
    ticketTypes: [],
    width: 400,
    height: 400,
    shapes: [
      { section: 'Escenario', shape: 'rectangle', x: 100, y: 10, width: 200, height: 40, color: '#e2e8f0', text: 'Escenario' },
      {
        section: 'Cancha',
        shape: 'polygon',
        x: 100,
        y: 60,
        color: '#d9f99d',
        points: [
          [100, 60],
          [300, 60],
          [300, 110],
          [100, 110]
        ]
      },
      { section: 'Platea', shape: 'rectangle', x: 90, y: 130, width: 220, height: 110, color: '#fecaca' }
    ],
    sections: [
      {
        sectionNo: 1,
        name: 'Platea',
        left: 100,
        top: 140,
        right: 300,
        bottom: 230,
        total: 24,
        free: 20,
        priceFromClp: 45_000,
        priceToClp: 45_000,
        color: '#9f1239'
      },
      {
        sectionNo: 2,
        name: 'Galería',
        left: 100,
        top: 260,
        right: 300,
        bottom: 350,
        total: 24,
        free: 0,
        priceFromClp: 9_000,
        priceToClp: 9_000,
        color: '#1d4ed8'
      }
    ],
    zones: [{ zoneNo: 1, name: 'Cancha', capacity: 100, priceClp: 20_000, typesClp: [20_000], free: 100 }],
    prices: [
      { category: 'Platea', priceClp: 45_000, typesClp: [45_000], color: '#9f1239' },
      { category: 'Galería', priceClp: 9_000, typesClp: [9_000], color: '#1d4ed8' }
    ],
    ...changes
  }
}

/** The same house where children pay less, but not in the gallery, and there are places for wheelchairs. */
export function givenFamilyShow(changes: Partial<Show> = {}): Show {
  const show = givenShow({ ticketsPerOrderMax: 6, ticketsPerBuyerMax: 8, hasAccessible: true, ticketTypes: ['Adulto', 'Niño'], ...changes })
  const [platea, galeria] = show.prices
  return {
    ...show,
    prices: [{ ...platea!, typesClp: [45_000, 22_500] }, galeria!],
    zones: show.zones.map((zone) => ({ ...zone, typesClp: [20_000, 10_000] }))
  }
}

/**
 * The seats of its first section: rows A to D from the stage back; the second seat of every row is taken.
 * In the last row the first is a place for a wheelchair and the third its companion's.
 */
export function givenSeats(): Seat[] {
  return Array.from({ length: ROWS * SEATS_PER_ROW }, (_, i) => {
    const [row, place] = [Math.floor(i / SEATS_PER_ROW), i % SEATS_PER_ROW]
    return {
      seatNo: i + 1,
      row: 'ABCD'[row]!,
      label: String(place + 1),
      category: 'Platea',
      x: 100 + place * 40,
      y: 140 + row * 30,
      priceClp: 45_000,
      free: place !== 1,
      ...kindOf(i + 1)
    }
  })
}

function kindOf(seatNo: number): Pick<Seat, 'kind' | 'accessibleNo'> {
  if (seatNo === WHEELCHAIR_NO) return { kind: 'accessible', accessibleNo: WHEELCHAIR_NO }
  return seatNo === COMPANION_NO ? { kind: 'companion', accessibleNo: WHEELCHAIR_NO } : { kind: 'standard', accessibleNo: null }
}

export function givenPurchase(changes: Partial<Purchase> = {}): Purchase {
  return {
    purchaseId: PURCHASE_ID,
    showId: 7,
    state: 'held',
    lines: [
      { lineNo: 1, seatNo: 1, section: 'Platea', row: 'A', seat: '1', ticketType: 'Platea', priceClp: 45_000 },
      { lineNo: 2, zoneNo: 1, section: 'Cancha', row: '', seat: '', ticketType: 'Cancha', priceClp: 20_000 }
    ],
    serviceFeeClp: 3_000,
    totalClp: 68_000,
    heldUntil: '2026-11-22T12:10:00Z',
    now: '2026-11-22T12:00:30Z',
    ...changes
  }
}

export function givenDocuments(changes: Partial<Documents> = {}): Documents {
  return {
    orderId: PURCHASE_ID,
    state: 'ready',
    receipt: { folio: 1_234, totalClp: 68_000, issuedAt: '2026-11-22T12:05:00Z' },
    tickets: [
      { lineNo: 1, ticketId: PURCHASE_ID, section: 'Platea', row: 'A', seat: '1' },
      { lineNo: 2, ticketId: PURCHASE_ID, section: 'Cancha', row: '', seat: '' }
    ],
    source: 'primary',
    ...changes
  }
}
