import type { OrdenCreada } from '../contracts/orden-creada.ts'
import type { Sale } from './decide.ts'

/** What the world is told about an order: everything its documents print. */
export function eventOf({ order: { showId, ...order }, command: { show, request } }: Sale): OrdenCreada {
  const { code, title, venue, address, city, starts_at: startsAt, doors_at: doorsAt, time_zone: timeZone } = show!.row
  return {
    ...order,
    sequence: 1,
    show: {
      showId,
      code,
      title,
      venue,
      address,
      city,
      startsAt: startsAt.toISOString(),
      ...(doorsAt ? { doorsAt: doorsAt.toISOString() } : {}),
      timeZone
    },
    buyer: request.buyer,
    language: request.language
  }
}
