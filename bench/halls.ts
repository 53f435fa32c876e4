import { operatorDoors } from '../cluster/operator.ts'
import type { ShowRequest } from '../contracts/selling.ts'
import type { Hall } from './load/hall.ts'
import type { Shop } from './shop.ts'

const SEATS_PER_ROW = 50
const SEAT_PX = 25

export interface HallPlan {
  code: string
  shows: number
  seatsPerShow: number
  zones?: ShowRequest['zones']
  noOrphanSeats?: boolean
}

/** Makes the shows of a benchmark through the doors a manager uses: the same plan, one price. What is there already stays. */
export async function makeHall(shop: Shop, { code, shows, seatsPerShow, zones = [], noOrphanSeats = false }: HallPlan): Promise<Hall> {
  const { putPlan, putShow } = operatorDoors(shop.instance.reservationUrl, shop.instance.operatorToken)
  taken(await putPlan(code, JSON.stringify(planOf(code, seatsPerShow))))
  const showIds: number[] = []
  for (let n = 1; n <= shows; n++) {
    const { showId } = taken(await putShow(`${code}-${n}`, showRequest(code, 'Platea', { zones, noOrphanSeats })))
    showIds.push(showId)
  }
  const [firstShowId = 0] = showIds
  if (showIds.some((showId, i) => showId !== firstShowId + i)) throw new Error(`the shows of ${code} do not follow one another`)
  return { firstShowId, shows, seatsPerShow }
}

/** What PUT /shows takes: on sale now, every category at one price. */
export function showRequest(planCode: string, category: string | string[], more: Partial<ShowRequest> = {}): ShowRequest {
  return {
    planCode,
    title: 'Los Tres, gira nacional',
    description: { es: 'Una noche larga.', en: 'A long night.' },
    genre: 'Música',
    venue: { name: 'Sala de Medir', address: 'Calle de Ejemplo 123', city: 'Santiago' },
    startsAt: '2099-01-01T20:00:00-03:00',
    doorsAt: '2099-01-01T19:00:00-03:00',
    timeZone: 'America/Santiago',
    salesFrom: '2020-01-01T00:00:00Z',
    salesUntil: '2099-01-01T00:00:00Z',
    serviceFeePerTicketClp: 1_500,
    prices: [category].flat().map((name) => ({ category: name, priceClp: 25_000 })),
    zones: [],
    ...more
  }
}

export function taken<T>(answer: { taken: T } | { refused: unknown }): T {
  if ('taken' in answer) return answer.taken
  throw new Error(`the shop refused: ${JSON.stringify(answer.refused)}`)
}

function planOf(name: string, seats: number) {
  const rows = Array.from({ length: Math.ceil(seats / SEATS_PER_ROW) }, (_, row) => ({
    row_number: `${row + 1}`,
    position: { x: 0, y: row * SEAT_PX },
    seats: Array.from({ length: Math.min(SEATS_PER_ROW, seats - row * SEATS_PER_ROW) }, (_, i) => ({
      seat_guid: `${row + 1}-${i + 1}`,
      seat_number: `${i + 1}`,
      position: { x: i * SEAT_PX, y: 0 },
      category: 'Platea'
    }))
  }))
  return {
    name,
    categories: [{ name: 'Platea', color: '#7c3aed' }],
    zones: [{ name: 'Platea', zone_id: 'platea', position: { x: 0, y: 0 }, rows, areas: [] }],
    size: { width: SEATS_PER_ROW * SEAT_PX, height: rows.length * SEAT_PX }
  }
}
