import { type BestChoice, SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import { type Fields, numberOf, typeNoOf } from './choice-form.ts'

/** The field by which a form asks for the best seats instead of naming some. */
export const BEST_FIELD = 'mejores'
const CATEGORY_CHARS_MAX = 60
const COUNT_FIELDS_MAX = 20
/** Of one type: what is more than an order may have is refused as too many. */
const COUNT_MAX = 100

/**
 * What somebody wants who does not choose: `cantidad` tickets, or `cantidad-T`
 * of type T each; `donde` is `s-N` for a section, `c-NAME` for a price category,
 * else anywhere; `silla` is how many of them, at most, are places for wheelchairs;
 * `apart` stands there when they may sit in groups.
 *
 * @returns undefined when it is no form of ours; a quantity of 0 is one.
 */
export function bestOf(fields: Fields): BestChoice | undefined {
  const showId = numberOf(fields.funcion)
  const typeNos = typesIn(fields)
  const where = whereIn(fields.donde)
  const accessible = fields.silla === undefined || fields.silla === '' ? 0 : numberOf(fields.silla)
  if (showId === undefined || !typeNos || !where || accessible === undefined || accessible > SEATS_PER_ORDER_MAX) return undefined
  return {
    showId,
    best: {
      quantity: typeNos.length,
      ...where,
      ...(accessible > 0 && typeNos.length > 0 ? { accessible: Math.min(accessible, typeNos.length) } : {}),
      ...(fields.apart === undefined ? {} : { apart: true }),
      ...(typeNos.some((typeNo) => typeNo > 1) ? { typeNos } : {})
    }
  }
}

/** The fields of a form that asks for this. */
export function bestFields({ showId, best }: BestChoice): Array<{ name: string; value: string }> {
  const { quantity, category, sectionNo, accessible, apart, typeNos = Array.from({ length: quantity }, () => 1) } = best
  const counts = [...Map.groupBy(typeNos, (typeNo) => typeNo)].map(([typeNo, same]) => [`cantidad-${typeNo}`, String(same.length)])
  const fields = [
    [BEST_FIELD, '1'],
    ['funcion', String(showId)],
    ...counts,
    ...(category === undefined ? [] : [['donde', `c-${category}`]]),
    ...(sectionNo === undefined ? [] : [['donde', `s-${sectionNo}`]]),
    ...(accessible === undefined ? [] : [['silla', String(accessible)]]),
    ...(apart ? [['apart', '1']] : [])
  ]
  return fields.map(([name, value]) => ({ name: name!, value: value! }))
}

/** One type per ticket, in the order of the types. */
function typesIn(fields: Fields): number[] | undefined {
  const counts = Object.entries(fields)
    .filter(([name]) => /^cantidad(-\d{1,2})?$/.test(name))
    .slice(0, COUNT_FIELDS_MAX)
    .map(([name, count]) => ({
      typeNo: name === 'cantidad' ? 1 : typeNoOf(name.slice('cantidad-'.length)),
      count: count === '0' ? 0 : numberOf(count)
    }))
    .sort((a, b) => (a.typeNo ?? 0) - (b.typeNo ?? 0))
  if (counts.some(({ typeNo, count }) => typeNo === undefined || count === undefined || count > COUNT_MAX)) return undefined
  return counts.flatMap(({ typeNo, count }) => Array.from({ length: count! }, () => typeNo!))
}

function whereIn(text: unknown): { category?: string; sectionNo?: number } | undefined {
  if (text === undefined || text === '') return {}
  if (typeof text !== 'string') return undefined
  if (text.startsWith('c-')) return text.length > 2 && text.length - 2 <= CATEGORY_CHARS_MAX ? { category: text.slice(2) } : undefined
  const sectionNo = text.startsWith('s-') ? numberOf(text.slice(2)) : undefined
  return sectionNo === undefined ? undefined : { sectionNo }
}
