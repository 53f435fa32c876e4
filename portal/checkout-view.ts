import type { Purchase } from '../contracts/purchase.ts'
import type { BuyerField, TypedBuyer } from './buyer-form.ts'
import { countdownOf, dayOf, momentOf, timeOf } from './dates.ts'
import { PRIVACY_VERSION, TERMS_VERSION } from './legal.ts'
import { PLACE_TIME_ZONE, type ShowHeader } from './show-header.ts'
import type { Words } from './words.ts'

export interface LineView {
  lineNo: number
  place: string
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
  notice: string
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
  /** Why the last attempt to pay did not end, as a code. */
  notice?: string
}

export function checkoutView(words: Words, purchase: Purchase, show: ShowHeader | undefined, state: CheckoutState = {}): CheckoutView {
  const left = secondsLeft(purchase)
  const { buyer, payment, totalClp } = purchase
  const timeZone = show?.timeZone ?? PLACE_TIME_ZONE
  const notice = state.notice ?? (purchase.state === 'paying' ? 'paying' : payment?.outcome)
  return {
    purchaseId: purchase.purchaseId,
    show: show && {
      title: show.title,
      href: `/funciones/${show.code}`,
      when: `${momentOf(words, show.startsAt, timeZone)} · ${show.venue}`
    },
    ...moneyView(words, purchase),
    heldUntil: purchase.heldUntil ? words.checkout.heldUntil(timeOf(words, new Date(purchase.heldUntil), timeZone)) : '',
    secondsLeft: left,
    countdown: countdownOf(left),
    notice: noticeWords(words, notice),
    errors: (state.wrong ?? []).map((field) => ({ field, text: words.checkout.errors[field] })),
    typed: state.typed ?? { name: buyer?.name ?? '', email: buyer?.email ?? '', rut: buyer?.rut ?? '', consent: false },
    pay: totalClp === 0 ? words.checkout.payFree : words.checkout.pay(words.money(totalClp)),
    free: totalClp === 0,
    termsVersion: words.checkout.versionOf(versionDay(words, TERMS_VERSION)),
    privacyVersion: words.checkout.versionOf(versionDay(words, PRIVACY_VERSION))
  }
}

/** What a purchase costs, line by line; the fee is a line of its own. */
export function moneyView(words: Words, { lines, serviceFeeClp, totalClp }: Purchase): Pick<CheckoutView, 'lines' | 'fee' | 'total'> {
  return {
    lines: lines.map(({ lineNo, section, row, seat, priceClp }) => ({
      lineNo,
      place: words.place(section, row, seat),
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

function noticeWords(words: Words, code: string | undefined): string {
  const notices: Record<string, string> = words.checkout.notices
  return code !== undefined && Object.hasOwn(notices, code) ? notices[code]! : ''
}
