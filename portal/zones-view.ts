import type { Show, Zone } from './catalogue.ts'
import { type TypeView, typesFor } from './ticket-types.ts'
import type { Words } from './words.ts'

export interface ZoneView {
  zoneNo: number
  name: string
  free: string
  /** One per ticket type; one without a name where a ticket is a ticket. */
  tickets: Array<{ field: string; type: string; price: string; label: string; quantities: number[] }>
}

/** Places without a number, as a form: how many of which type. */
export function zonesView(words: Words, show: Show, selling: boolean): ZoneView[] {
  return show.zones.map((zone) => ({
    zoneNo: zone.zoneNo,
    name: zone.name,
    free: words.freeOf(zone.free),
    tickets: ticketsIn(words, show, zone).map(({ typeNo, name, price }) => ({
      field: typeNo === 1 ? `zona-${zone.zoneNo}` : `zona-${zone.zoneNo}-tipo-${typeNo}`,
      type: name,
      price,
      label: name ? words.show.quantityOf(zone.name, name) : words.show.quantity(zone.name),
      quantities: Array.from({ length: 1 + (selling ? Math.min(show.ticketsPerOrderMax, zone.free) : 0) }, (_, quantity) => quantity)
    }))
  }))
}

function ticketsIn(words: Words, show: Show, { priceClp, typesClp }: Zone): TypeView[] {
  const types = typesFor(words, show.ticketTypes, typesClp)
  return types.length > 1 ? types : [{ typeNo: 1, name: '', price: words.money(priceClp) }]
}
