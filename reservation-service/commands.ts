import type { Hold, Order, OrderRequest } from '../contracts/selling.ts'
import type { Best, Buyer, Language, Wish } from '../contracts/values.ts'
import { type Chosen, chosenOf, evenTypes } from './choice.ts'
import { fingerprintOfSorted } from './fingerprint.ts'
import type { HoldRow } from './holds.ts'
import type { Show } from './read-show.ts'

/** What a caller wants done, ready for a batch. Its id is its caller's: done again, it gives what it gave. */
export type Command = HoldCommand | OrderCommand | SaleCommand

interface Common {
  id: string
  showId: number
  /** Recognises the body it came with. */
  fingerprint: string
  /** Undefined: there is no such show. */
  show: Show | undefined
  /** The seats and places it stands for; for the best seats, those that were found, if any. */
  chosen: Chosen | undefined
}

/** What may ask for the best seats. The last ones are filled in by whoever looks for them. */
interface Wanting extends Common {
  best: Best | undefined
  /** They strand a single seat, and nothing else was to be had. */
  strands: boolean
  /** What it could have had was found for others of its batch, who may not get it. */
  crowded: boolean
  /** The most there are together, when nothing was found. */
  together: number
}

export interface HoldCommand extends Wanting {
  does: 'hold'
}

export interface OrderCommand extends Common {
  does: 'order'
  request: OrderRequest
}

export interface SaleCommand extends Wanting {
  does: 'sale'
  request: SaleOf
}

const NOT_SOUGHT = { strands: false, crowded: false, together: 0 }

/** What a sale is told about its buyer. */
export interface SaleOf {
  buyer: Buyer
  language: Language
  totalClp?: number
}

export type Answer = Hold | Order

/** @throws Refusal of {@link chosenOf}. */
export function holdCommand(holdId: string, wish: Wish, show: Show | undefined): HoldCommand {
  const wanted = wantedOf(wish)
  return {
    does: 'hold',
    id: holdId,
    showId: wish.showId,
    fingerprint: fingerprintOfSorted(sortedWanted(wanted, wish.showId)),
    show,
    ...wanted,
    ...NOT_SOUGHT
  }
}

/** @throws Refusal of {@link chosenOf}. */
export function saleCommand(orderId: string, wish: Wish, request: SaleOf, show: Show | undefined): SaleCommand {
  const wanted = wantedOf(wish)
  const { buyer, language, totalClp } = request
  const fingerprint = fingerprintOfSorted({ ...sortedWanted(wanted, wish.showId), buyer: sortedBuyer(buyer), language, totalClp })
  return { does: 'sale', id: orderId, showId: wish.showId, fingerprint, show, request, ...wanted, ...NOT_SOUGHT }
}

/** @param hold - Only what never changes of it is used. */
export function orderCommand(
  orderId: string,
  request: OrderRequest,
  hold: HoldRow | undefined,
  chosen: Chosen | undefined,
  show: Show | undefined
): OrderCommand {
  const { buyer, holdId, language, totalClp } = request
  const fingerprint = fingerprintOfSorted({ buyer: sortedBuyer(buyer), holdId, language, totalClp })
  return { does: 'order', id: orderId, showId: hold?.show_id ?? 0, fingerprint, show, chosen, request }
}

function sortedBuyer({ email, name, rut }: Buyer) {
  return { email, name, rut }
}

/** What a hold is recognised by; `chosen` is in the order of its type, which a stored hold has too. */
export function sortedWanted({ best, chosen }: Wanted, showId: number) {
  return {
    best: best && {
      accessible: best.accessible,
      apart: best.apart,
      category: best.category,
      quantity: best.quantity,
      sectionNo: best.sectionNo,
      showId,
      typeNos: best.typeNos
    },
    chosen
  }
}

interface Wanted {
  best?: Best | undefined
  chosen: Chosen | undefined
}

function wantedOf(wish: Wish): Required<Wanted> {
  if (!('best' in wish)) return { chosen: chosenOf(wish), best: undefined }
  const { quantity, typeNos, ...want } = wish.best
  const types = evenTypes(typeNos, quantity)
  return { chosen: undefined, best: { ...want, quantity, ...(typeNos ? { typeNos: types } : {}) } }
}
