import type { BestChoice, Choice, Wish } from '../contracts/values.ts'
import type { Show } from './catalogue.ts'
import { carriedOf, ticketsOf } from './choice-form.ts'
import type { Action, MessageView } from './message-view.ts'
import { offersFor } from './offers.ts'
import type { Place } from './seats.ts'
import { refusalWords, type Words } from './words.ts'

/** What somebody asked for, from which page, and with which purchase it was born. */
export interface Sent {
  purchaseId: string
  showCode: string
  sectionNo: number | undefined
  wish: Wish
}

/** A no, with what the catalogue knows about it. */
export interface Told {
  sent: Sent
  code: string
  params: Readonly<Record<string, unknown>>
  /** undefined while the catalogue cannot be read. */
  show: Show | undefined
  /** Those of {@link namedIn} that have a name. */
  places: Place[]
}

/**
 * Why not, in which seats people can read it, what may be had instead with one click, and the ways back.
 *
 * @param newId - A signed purchase id for each offer.
 */
export function refusedView(words: Words, told: Told, newId: () => string): MessageView {
  const code = codeOf(told)
  return {
    id: code,
    ...refusalWords(words, code, told.params),
    items: itemsOf(words, told),
    offersHeading: numbersOf(told.params.alternatives).length > 0 ? words.offers.heading : '',
    offers: offersFor(words, told, newId),
    actions: waysBack(words, told)
  }
}

/** Every seat that may have to be named. */
export function namedIn(wish: Wish, { seatNos, orphans, alternatives, seatNo }: Told['params']): number[] {
  const asked = wish.best ? [] : (wish as Choice).seatNos
  return [...new Set([...asked, ...[seatNos, orphans, alternatives, seatNo].flatMap(numbersOf)])]
}

export function ticketsIn(wish: Wish): number {
  return wish.best ? (wish as BestChoice).best.quantity : ticketsOf(wish as Choice)
}

/** One code of the seller's has two meanings for a buyer. */
function codeOf({ code, params: { when } }: Told): string {
  return code === 'NOT_ON_SALE' && when === 'over' ? 'SALE_OVER' : code
}

/** The seats that are the reason, as people read them. */
function itemsOf(words: Words, { code, params, show, places, sent }: Told): string[] {
  if (code === 'TICKET_TYPE_UNKNOWN') {
    const type = show?.ticketTypes[Number(params.typeNo) - 1]
    return type === undefined ? [] : [[type, ...(sent.wish.best ? [] : namesOf(words, show, places, params.seatNo))].join(' · ')]
  }
  return namesOf(words, show, places, code === 'ORPHAN_SEAT' ? params.orphans : params.seatNos)
}

function namesOf(words: Words, show: Show | undefined, places: Place[], wanted: unknown): string[] {
  const seatNos = numbersOf(wanted)
  return places
    .filter(({ seatNo }) => seatNos.includes(seatNo))
    .flatMap(({ sectionNo, row, label }) => {
      const section = show?.sections.find((candidate) => candidate.sectionNo === sectionNo)
      return section ? [words.place(section.name, row, label)] : []
    })
}

function waysBack(words: Words, { code, params, sent: { purchaseId, showCode, sectionNo, wish } }: Told): Action[] {
  const taken = code === 'SEAT_TAKEN' ? numbersOf(params.seatNos) : []
  const { seatNos = [], typeNos = [] } = wish as Partial<Choice>
  const kept = carriedOf(seatNos.map((seatNo, i) => [seatNo, typeNos[i] ?? 1] as const).filter(([seatNo]) => !taken.includes(seatNo)))
  const section = `/funciones/${showCode}/sectores/${sectionNo}${kept ? `?asientos=${kept}` : ''}`
  return [
    ...(/MISMATCH|RELEASED/.test(code) ? [{ href: `/compras/${purchaseId}`, text: words.actions.purchase }] : []),
    ...(sectionNo === undefined ? [] : [{ href: section, text: words.actions.otherSeats }]),
    { href: `/funciones/${showCode}`, text: words.actions.show }
  ]
}

/** The numbers in what a service sent, however it nests them. */
function numbersOf(value: unknown): number[] {
  return [value].flat(2).filter((part) => typeof part === 'number')
}
