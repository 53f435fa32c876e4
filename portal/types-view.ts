import type { Choice } from '../contracts/values.ts'
import type { Show } from './catalogue.ts'
import { carriedOf } from './choice-form.ts'
import { momentOf } from './dates.ts'
import type { Place } from './seats.ts'
import { typesFor } from './ticket-types.ts'
import type { Words } from './words.ts'

/** Between choosing seats and holding them, for who has no JavaScript: which ticket each one is. */
export interface TypesView {
  showTitle: string
  when: string
  backHref: string
  form: { purchaseId: string; showId: number; showCode: string; sectionNo: number }
  seats: Array<{ seatNo: number; place: string; label: string; price: string; types: Array<{ typeNo: number; text: string }> }>
  fee: string
}

/**
 * @param purchaseId - Of the form that was sent, signed: nothing is held yet.
 */
export function typesView(words: Words, show: Show, choice: Choice, places: Place[], purchaseId: string): TypesView {
  const sectionNo = places[0]?.sectionNo ?? 0
  return {
    showTitle: show.title,
    when: `${momentOf(words, show.startsAt, show.timeZone)} · ${show.venue}`,
    backHref: `/funciones/${show.code}/sectores/${sectionNo}?asientos=${carriedOf(choice.seatNos.map((seatNo) => [seatNo, 1] as const))}`,
    form: { purchaseId, showId: show.showId, showCode: show.code, sectionNo },
    seats: places.map((place) => seatView(words, show, place)),
    fee: show.feePerTicketClp === 0 ? words.show.noFee : words.show.feePerTicket(words.money(show.feePerTicketClp))
  }
}

function seatView(words: Words, show: Show, { seatNo, sectionNo, row, label, category }: Place): TypesView['seats'][number] {
  const price = show.prices.find((candidate) => candidate.category === category)
  const section = show.sections.find((candidate) => candidate.sectionNo === sectionNo)
  const place = words.place(section?.name ?? '', row, label)
  return {
    seatNo,
    place,
    label: words.types.of(place),
    price: words.money(price?.priceClp ?? 0),
    types: typesFor(words, show.ticketTypes, price?.typesClp ?? []).map(({ typeNo, name, price }) => ({
      typeNo,
      text: words.types.option(name, price)
    }))
  }
}
