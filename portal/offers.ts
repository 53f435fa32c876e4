import type { BestChoice, Choice } from '../contracts/values.ts'
import { bestFields } from './best-form.ts'
import type { Show } from './catalogue.ts'
import type { Told } from './refused-view.ts'
import type { Place } from './seats.ts'
import type { Words } from './words.ts'

/** One click that holds something else: a form of its own, with a purchase id of its own. */
export interface Offer {
  text: string
  /** Smaller, below the text. */
  detail: string
  fields: Field[]
}

interface Field {
  name: string
  value: string
}

const GROUPS_MAX = 3
const CATEGORIES_MAX = 4

/** What may be had instead of what was refused: other seats for a choice, another search for the best ones. */
export function offersFor(words: Words, told: Told, newId: () => string): Offer[] {
  const { sent, params, show } = told
  const common = () => [
    { name: 'compra', value: newId() },
    { name: 'codigo', value: sent.showCode }
  ]
  const offers = sent.wish.best
    ? searches(words, told, sent.wish as BestChoice)
    : groupsIn(params.alternatives).flatMap((group) => (show ? groupOffer(words, told, sent.wish as Choice, show, group) : []))
  return offers.map(({ fields, ...offer }) => ({ ...offer, fields: [...common(), ...fields] }))
}

function groupsIn(alternatives: unknown): number[][] {
  if (!Array.isArray(alternatives)) return []
  return alternatives.filter((group): group is number[] => Array.isArray(group) && group.every(Number.isInteger)).slice(0, GROUPS_MAX)
}

/** A group that nobody can read the names of is not offered. */
function groupOffer(words: Words, { places }: Told, choice: Choice, show: Show, group: number[]): Offer[] {
  const seats = group.map((seatNo) => places.find((place) => place.seatNo === seatNo))
  if (seats.length === 0 || !seats.every((seat) => seat !== undefined)) return []
  const sectionOf = ({ sectionNo }: Place) => show.sections.find((section) => section.sectionNo === sectionNo)?.name ?? ''
  const rows = [...Map.groupBy(seats, (seat) => `${seat.sectionNo}\n${seat.row}`).values()]
  return [
    {
      text: rows.map((row) => words.placeOf(sectionOf(row[0]!), row[0]!.row, inOrder(row))).join('; '),
      detail: '',
      fields: [
        { name: 'funcion', value: String(choice.showId) },
        { name: 'sector', value: String(seats[0]!.sectionNo) },
        ...seats.map(({ seatNo }) => ({ name: 'asiento', value: String(seatNo) })),
        ...typeFields(choice, places, seats),
        ...choice.places.map(({ zoneNo, quantity, typeNo = 1 }) => ({
          name: typeNo === 1 ? `zona-${zoneNo}` : `zona-${zoneNo}-tipo-${typeNo}`,
          value: String(quantity)
        }))
      ]
    }
  ]
}

/** As somebody counts who walks along the row. */
function inOrder(row: Place[]): string[] {
  return row.map(({ label }) => label).sort((a, b) => Number(a) - Number(b) || a.localeCompare(b))
}

/** Whoever asked for a child's ticket in a category gets one for a seat of that category. */
function typeFields({ seatNos, typeNos }: Choice, places: Place[], seats: Place[]): Field[] {
  if (!typeNos) return []
  const categoryOf = (seatNo: number) => places.find((place) => place.seatNo === seatNo)?.category
  const asked = Map.groupBy(
    seatNos.map((seatNo, i) => ({ category: categoryOf(seatNo), typeNo: typeNos[i]! })),
    ({ category }) => category
  )
  return seats.flatMap(({ seatNo, category }) => {
    const typeNo = asked.get(category)?.shift()?.typeNo ?? 1
    return typeNo === 1 ? [] : [{ name: `tipo-${seatNo}`, value: String(typeNo) }]
  })
}

/** Fewer together, as many apart, or the same elsewhere. */
function searches(words: Words, { code, params, show }: Told, { showId, best }: BestChoice): Offer[] {
  const { sectionNo, category, ...anywhere } = best
  const offer = (text: string, changed: BestChoice['best']) => [
    { text, detail: detailOf(words, show, changed), fields: bestFields({ showId, best: changed }) }
  ]
  if (code === 'TICKET_TYPE_UNKNOWN') {
    const others = show?.prices.filter((price) => price.category !== category && sellsAll(price.typesClp, best.typeNos)) ?? []
    return others
      .slice(0, CATEGORIES_MAX)
      .flatMap((price) => offer(words.offers.inCategory(price.category), { ...anywhere, category: price.category }))
  }
  if (code !== 'NOT_TOGETHER') return []
  const together = typeof params.together === 'number' ? Math.min(params.together, best.quantity - 1) : 0
  return [
    ...(together > 0 ? offer(words.offers.together(together), fewer(best, together)) : []),
    ...(together > 0 && !best.apart && !best.accessible ? offer(words.offers.apart(best.quantity), { ...best, apart: true }) : []),
    ...(sectionNo !== undefined || category !== undefined ? offer(words.offers.anywhere, anywhere) : [])
  ]
}

function sellsAll(typesClp: ReadonlyArray<number | null>, typeNos: number[] = [1]): boolean {
  return typeNos.every((typeNo) => (typesClp[typeNo - 1] ?? null) !== null)
}

function fewer({ typeNos, accessible, ...best }: BestChoice['best'], quantity: number): BestChoice['best'] {
  return {
    ...best,
    quantity,
    ...(typeNos ? { typeNos: typeNos.slice(0, quantity) } : {}),
    ...(accessible ? { accessible: Math.min(accessible, quantity) } : {})
  }
}

/** Which types so many tickets are, where there is more than one. */
function detailOf(words: Words, show: Show | undefined, { typeNos }: BestChoice['best']): string {
  if (!typeNos || !show) return ''
  const counts = [...Map.groupBy(typeNos, (typeNo) => typeNo)].map(([typeNo, same]) =>
    words.offers.ofType(same.length, show.ticketTypes[typeNo - 1] ?? '')
  )
  return words.offers.detail(counts)
}
