import { isCommand, type Story } from './history.ts'
import { emailOf } from './load/browsers.ts'
import type { Sold } from './sold.ts'

/** What must not be, in one sentence, and which promise it breaks. */
export interface Violation {
  check: keyof typeof CHECKS
  what: string
}

/**
 * What is true of every history, whatever failed meanwhile. Pure functions of
 * what buyers were told and what the primary says afterwards. A story that ended
 * in `unknown` proves nothing either way.
 */
const CHECKS = {
  doubled,
  lost,
  phantom,
  'refused and done': refusedAndDone,
  'two writers': twoWriters,
  'told twice': toldTwice,
  'hold broken': holdBroken,
  'refused for nothing': refusedForNothing,
  stale
}

export function violationsIn(stories: Story[], sold: Sold): Violation[] {
  return (Object.keys(CHECKS) as Array<keyof typeof CHECKS>).flatMap((check) =>
    CHECKS[check](stories, sold).map((what) => ({ check, what }))
  )
}

/** No seat has two owners: neither in the books, nor in what buyers were told even if the books hide it. */
function doubled(stories: Story[], { orders }: Sold): string[] {
  const told = stories.filter(isSold).flatMap((story) => seatsOf(story).map((seat) => ({ seat, owner: story.key })))
  const written = orders
    .filter(({ state }) => state === 'made')
    .flatMap(({ orderId, seats }) => seats.map((seat) => ({ seat, owner: orderId })))
  return [...Map.groupBy([...told, ...written], ({ seat }) => seat)]
    .map(([seat, claims]) => ({ seat, owners: [...new Set(claims.map(({ owner }) => owner))] }))
    .filter(({ owners }) => owners.length > 1)
    .map(({ seat, owners }) => `seat ${seat} was sold to ${owners.join(' and to ')}`)
}

/** What a buyer saw succeed is there: an order with its seats and its price, a hold with its seats. */
function lost(stories: Story[], { orders, holds }: Sold): string[] {
  const made = new Map(orders.filter(({ state }) => state === 'made').map((order) => [order.orderId, order]))
  const held = new Map(holds.map((hold) => [hold.holdId, hold]))
  return stories.flatMap((story) => {
    const [ok] = story.oks
    if (!ok || !isCommand(story.op)) return []
    if (story.op === 'hold')
      return same(held.get(story.key)?.seats, seatsOf(story)) ? [] : [`hold ${story.key} of ${seatsOf(story)} is lost`]
    const orderId = ok.orderId ?? story.key
    const order = made.get(orderId)
    if (!order) return [`order ${orderId} is lost`]
    if (story.op === 'purchase') return []
    if (!same(order.seats, seatsOf(story))) return [`order ${orderId} was told to have ${seatsOf(story)} and has ${order.seats}`]
    return order.totalClp === ok.totalClp ? [] : [`order ${orderId} was told to cost ${ok.totalClp} and costs ${order.totalClp}`]
  })
}

/** Every order was asked for by somebody who was told «yes», or does not know. */
function phantom(stories: Story[], { orders }: Sold): string[] {
  const open = stories.filter(({ oks, last }) => oks.length > 0 || last?.type !== 'refused')
  const keys = new Set(open.filter(({ op }) => op === 'sale').map(({ key }) => key))
  const emails = new Set(open.filter(({ op }) => op === 'purchase').map(({ key }) => emailOf(key)))
  const asked = ({ orderId, email }: Sold['orders'][number]) => keys.has(orderId) || emails.has(email ?? '')
  return [
    ...orders.filter((order) => order.state === 'made' && !asked(order)).map(({ orderId }) => `nobody asked for order ${orderId}`),
    ...[
      ...Map.groupBy(
        orders.filter(({ email }) => emails.has(email ?? '')),
        ({ email }) => email
      )
    ]
      .filter(([, same]) => same.length > 1)
      .map(([email, same]) => `one purchase of ${email} made ${same.length} orders`)
  ]
}

/** «No» is final: who was refused has no order and no hold. */
function refusedAndDone(stories: Story[], { orders, holds }: Sold): string[] {
  const made = new Set(orders.filter(({ state }) => state === 'made').map(({ orderId }) => orderId))
  const held = new Set(holds.map(({ holdId }) => holdId))
  return stories
    .filter(({ op, key, last }) => last?.type === 'refused' && (op === 'sale' ? made.has(key) : held.has(key)))
    .map(({ op, key, last }) => `${op} ${key} was refused (${last!.code}) and is there`)
}

/**
 * One reign writes at a time. Whoever asked for the first time after a later
 * reign had answered somebody is not answered by an earlier one.
 */
function twoWriters(stories: Story[], { orders }: Sold): string[] {
  const epochs = new Map(orders.map(({ orderId, epoch }) => [orderId, epoch]))
  const answered = stories
    .filter(isSold)
    .flatMap((story) => (epochs.has(story.key) ? [{ ...story, epoch: epochs.get(story.key)!, toldMs: story.oks[0]!.atMs }] : []))
  const firstOf = [...Map.groupBy(answered, ({ epoch }) => epoch)].map(([epoch, all]) => ({
    epoch,
    atMs: Math.min(...all.map(({ toldMs }) => toldMs))
  }))
  return answered.flatMap(({ key, epoch, invokedMs }) => {
    const later = firstOf.find((first) => first.epoch > epoch && first.atMs < invokedMs)
    return later ? [`order ${key} was written in reign ${epoch}, and asked for after reign ${later.epoch} had answered`] : []
  })
}

/** One id has one answer, however often it is asked. */
function toldTwice(stories: Story[]): string[] {
  return stories
    .filter(({ told }) => new Set(told.map(({ type, digest }) => digest ?? type)).size > 1)
    .map(({ op, key }) => `${op} ${key} was answered in two ways`)
}

/**
 * While a hold lasts nobody else has its seats: no sale, and no hold that was
 * given before one of the two ran out. Nobody here lets a hold go.
 */
function holdBroken(stories: Story[]): string[] {
  const claims = stories.filter(({ op, oks }) => (op === 'sale' || op === 'hold') && oks.length > 0)
  const bySeat = Map.groupBy(
    claims.flatMap((story) => seatsOf(story).map((seat) => ({ seat, story }))),
    ({ seat }) => seat
  )
  return [...bySeat].flatMap(([seat, all]) =>
    all
      .filter(({ story }) => story.op === 'hold')
      .flatMap(({ story: hold }, i, holds) =>
        [...holds.slice(i + 1), ...all.filter(({ story }) => story.op === 'sale')]
          .filter(({ story }) => bothLive(hold, story))
          .map(({ story }) => `seat ${seat} was held as ${hold.key} and ${story.op === 'sale' ? 'sold' : 'held'} as ${story.key}`)
      )
  )
}

/** There is a moment at which both had been given and neither had run out. */
function bothLive({ oks: [hold] }: Story, { oks: [other] }: Story): boolean {
  const givenMs = Math.max(Date.parse(hold!.wall), Date.parse(other!.wall))
  return givenMs < Math.min(hold!.heldUntilMs!, other!.heldUntilMs ?? Number.POSITIVE_INFINITY)
}

/** Whoever was told to have a seat is not shown it as free later: a map is the primary's, and as old as it says. */
function stale(stories: Story[]): string[] {
  return stories
    .filter(({ op }) => op === 'map')
    .flatMap(({ key, showId, oks }) =>
      oks.flatMap(({ free = [] }) => free).map((seatNo) => `seat ${showId}/${seatNo} was shown as free to ${key}, who has it`)
    )
}

/** Who wants what nobody else wants is given it. */
function refusedForNothing(stories: Story[]): string[] {
  const wanted = stories.flatMap((story) => seatsOf(story).map((seat) => ({ seat, key: story.key })))
  const bySeat = Map.groupBy(wanted, ({ seat }) => seat)
  return stories
    .filter(({ op, last }) => (op === 'sale' || op === 'hold') && last?.type === 'refused')
    .filter((story) => seatsOf(story).every((seat) => bySeat.get(seat)!.every(({ key }) => key === story.key)))
    .map(({ op, key, last }) => `${op} ${key} was refused (${last!.code}), and nobody else asked for its seats`)
}

function isSold({ op, oks }: Story): boolean {
  return op === 'sale' && oks.length > 0
}

function seatsOf({ showId, seatNos }: Story): string[] {
  return seatNos.toSorted((a, b) => a - b).map((seatNo) => `${showId}/${seatNo}`)
}

function same(some: string[] | undefined, others: string[]): boolean {
  return some?.join() === others.join()
}
