import type { Purchase } from '../contracts/purchase.ts'
import type { BuyerField, TypedBuyer } from './buyer-form.ts'
import { countdownOf, dayOf, momentOf, timeOf } from './dates.ts'
import { PRIVACY_VERSION, TERMS_VERSION } from './legal.ts'
import type { SeatKind } from './seats.ts'
import { PLACE_TIME_ZONE, type ShowHeader } from './show-header.ts'
import { refusalWords, type Words } from './words.ts'

export interface LineView {
  lineNo: number
  place: string
  type: string
  kind: SeatKind
  price: string
}

export interface CheckoutView {
  purchaseId: string
  show: { title: string; href: string; when: string } | undefined
  lines: LineView[]
  fee: string
  total: string
  heldUntil: string
  secondsLeft: number
  countdown: string
  extendable: boolean
  notice: string
  /** Whether the notice is good news. */
  good: boolean
  errors: Array<{ field: BuyerField; text: string }>
  typed: TypedBuyer
  pay: string
  free: boolean
  termsVersion: string
  privacyVersion: string
}

export interface CheckoutState {
  typed?: TypedBuyer
  wrong?: BuyerField[]
  /** What has just happened, or why the last attempt to pay did not end: a code, and what it came with. */
  notice?: string
  params?: Readonly<Record<string, unknown>>
}

const GOOD_NEWS = ['found', 'extended']
/** Refusals whose words fit beside the form. */
const TOLD_HERE = ['BUYER_LIMIT', 'HOLD_GONE']
const NO_KINDS: ReadonlyMap<number, SeatKind> = new Map()

export function checkoutView(
  words: Words,
  purchase: Purchase,
  show: ShowHeader | undefined,
  state: CheckoutState = {},
  kinds = NO_KINDS
): CheckoutView {
  const left = secondsLeft(purchase)
  const { buyer, payment, totalClp } = purchase
  const timeZone = show?.timeZone ?? PLACE_TIME_ZONE
  const notice = state.notice ?? (purchase.state === 'paying' ? 'paying' : payment?.outcome)
  const until = purchase.heldUntil ? timeOf(words, new Date(purchase.heldUntil), timeZone) : ''
  return {
    purchaseId: purchase.purchaseId,
    show: show && {
      title: show.title,
      href: `/funciones/${show.code}`,
      when: `${momentOf(words, show.startsAt, timeZone)} · ${show.venue}`
    },
    ...moneyView(words, purchase, kinds),
    heldUntil: until && words.checkout.heldUntil(until, Math.floor(left / 60)),
    secondsLeft: left,
    countdown: countdownOf(left),
    extendable: purchase.extendable === true,
    notice: notice === 'extended' ? words.checkout.extended(until) : noticeWords(words, notice, state.params),
    good: notice !== undefined && GOOD_NEWS.includes(notice),
    errors: (state.wrong ?? []).map((field) => ({ field, text: words.checkout.errors[field] })),
    typed: state.typed ?? { name: buyer?.name ?? '', email: buyer?.email ?? '', rut: buyer?.rut ?? '', consent: false },
    pay: totalClp === 0 ? words.checkout.payFree : words.checkout.pay(words.money(totalClp)),
    free: totalClp === 0,
    termsVersion: words.checkout.versionOf(versionDay(words, TERMS_VERSION)),
    privacyVersion: words.checkout.versionOf(versionDay(words, PRIVACY_VERSION))
  }
}

/** What a purchase costs, line by line; the fee is a line of its own. */
export function moneyView(
  words: Words,
  { lines, serviceFeeClp, totalClp }: Purchase,
  kinds = NO_KINDS
): Pick<CheckoutView, 'lines' | 'fee' | 'total'> {
  return {
    lines: lines.map(({ lineNo, seatNo = 0, section, row, seat, ticketType, priceClp }) => ({
      lineNo,
      place: words.place(section, row, seat),
      type: ticketType === section ? '' : ticketType,
      kind: kinds.get(seatNo) ?? 'standard',
      price: words.money(priceClp)
    })),
    fee: words.amount(serviceFeeClp),
    total: words.amount(totalClp)
  }
}

/** How long the hold lasts, by the seller's clock. */
export function secondsLeft({ heldUntil, now }: Purchase): number {
  if (!heldUntil) return 0
  return Math.max(0, Math.floor((Date.parse(heldUntil) - (now ? Date.parse(now) : Date.now())) / 1_000))
}

/** The day of a version, whatever the reader's time zone. */
export function versionDay(words: Words, version: string): string {
  return dayOf(words, new Date(`${version}T12:00:00Z`), 'UTC').replace(/^\S+ /, '')
}

function noticeWords(words: Words, code: string | undefined, params: CheckoutState['params']): string {
  if (code !== undefined && TOLD_HERE.includes(code)) return refusalWords(words, code, params).text
  const notices: Record<string, string> = words.checkout.notices
  return code !== undefined && Object.hasOwn(notices, code) ? notices[code]! : ''
}
