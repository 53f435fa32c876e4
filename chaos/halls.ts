import type { Instance } from '../cluster/instance.ts'
import { operatorDoors } from '../cluster/operator.ts'
import type { ShowRequest } from '../contracts/selling.ts'
import { HALL_TITLE, type Halls } from './load/load.ts'

const PLAN = 'sala-de-pruebas'
const SECTIONS = 4
const ROWS = 50
const SEATS_PER_ROW = 50
const SEATS = SECTIONS * ROWS * SEATS_PER_ROW
const SEAT_PX = 12
const CALM_SHOWS = 12
const SHOP_SHOW = 'funcion-de-navegadores'

/** Puts the shows that buyers will want into an empty shop, through the doors a manager uses. What is there already stays. */
export async function openHalls({ reservationUrl, operatorToken }: Instance): Promise<Halls> {
  const { putPlan, putShow } = operatorDoors(reservationUrl, operatorToken)
  taken(await putPlan(PLAN, JSON.stringify(plan())))
  const calmShowIds: number[] = []
  for (let n = 1; n <= CALM_SHOWS; n++) calmShowIds.push(taken(await putShow(`funcion-tranquila-${n}`, show())).showId)
  const { showId: contestedShowId } = taken(await putShow('funcion-disputada', show()))
  taken(await putShow(SHOP_SHOW, show()))
  return { calmShowIds, contestedShowId, seatsPerShow: SEATS, shopShow: SHOP_SHOW }
}

function taken<T>(answer: { taken: T } | { refused: unknown }): T {
  if ('taken' in answer) return answer.taken
  throw new Error(`the shop refused: ${JSON.stringify(answer.refused)}`)
}

function show(): ShowRequest {
  return {
    planCode: PLAN,
    title: HALL_TITLE,
    description: { es: 'Una noche larga.', en: 'A long night.' },
    genre: 'Música',
    venue: { name: 'Sala de Pruebas', address: 'Calle de Ejemplo 123', city: 'Santiago' },
    startsAt: '2099-01-01T20:00:00-03:00',
    timeZone: 'America/Santiago',
    salesFrom: '2020-01-01T00:00:00Z',
    salesUntil: '2099-01-01T00:00:00Z',
    serviceFeePerTicketClp: 1_500,
    prices: [{ category: 'Platea', priceClp: 25_000 }],
    zones: []
  }
}

/** The exchange format of seating plans: four blocks of fifty rows beside each other. */
function plan() {
  const width = SEATS_PER_ROW * SEAT_PX
  return {
    name: 'Sala de Pruebas',
    categories: [{ name: 'Platea', color: '#7c3aed' }],
    zones: Array.from({ length: SECTIONS }, (_, section) => ({
      name: `Platea ${section + 1}`,
      zone_id: `platea-${section + 1}`,
      position: { x: section * (width + SEAT_PX), y: 0 },
      rows: Array.from({ length: ROWS }, (_, row) => rowOf(section + 1, row + 1)),
      areas: []
    })),
    size: { width: SECTIONS * (width + SEAT_PX), height: ROWS * SEAT_PX }
  }
}

function rowOf(section: number, row: number) {
  return {
    row_number: String(row),
    position: { x: 0, y: row * SEAT_PX },
    seats: Array.from({ length: SEATS_PER_ROW }, (_, i) => ({
      seat_guid: `${section}-${row}-${i + 1}`,
      seat_number: String(i + 1),
      position: { x: i * SEAT_PX, y: 0 },
      category: 'Platea'
    }))
  }
}
