import { setTimeout as sleep } from 'node:timers/promises'
import { openBrowser } from './browser.ts'
import { buyTickets } from './buy.ts'
import { zonePlacesFree } from './buyer.ts'
import { type BlockForm, demoBlocks } from './demo/house-seats.ts'
import { exchangePlan } from './demo/plan.ts'
import { SOLD_OUT } from './demo/programme.ts'
import { demoShows } from './demo/shows.ts'
import { VENUES } from './demo/venues.ts'
import { type Operator, operatorDoors } from './operator.ts'

interface Door {
  reservationUrl: string
  operatorToken: string
  portalUrl: string
}

const TICKETS_PER_ORDER = 8
const ORDERS_MAX = 20
const LOOK_AGAIN_MS = 500
/** The producer has given the seats back, or they were sold before they were kept. */
const BLOCK_PASSED = ['BLOCK_RELEASED', 'BLOCK_MISMATCH', 'SEAT_TAKEN']
const CLUB = { name: 'Club de Amigos del Teatro', email: 'club.amigos@ejemplo.cl' }

/**
 * Puts the demo shop's venues, shows and house seats where a manager would put
 * them, and buys one show until it is sold out. What is there already stays as
 * it is: a show that was loaded on another day keeps that day's dates.
 */
export async function loadDemo({ reservationUrl, operatorToken, portalUrl }: Door, say: (text: string) => void): Promise<void> {
  const operator = operatorDoors(reservationUrl, operatorToken)
  const plans = new Map<string, Promise<void>>()
  const plan = (code: string) => {
    const loading = plans.get(code) ?? loadPlan(operator, code, say)
    plans.set(code, loading)
    return loading
  }
  const loaded = await Promise.all(demoShows(new Date()).map(({ code, form }) => loadShow(operator, code, form, () => plan(form.planCode))))
  const count = loaded.filter((isNew) => isNew).length
  if (count > 0) say(`${count} shows are on sale`)
  await Promise.all(demoBlocks().map(({ show, block, form }) => loadBlock(operator, show, block, form)))
  await sellOut(portalUrl, say)
}

/** A show is asked for first: when it stands, so does its plan, and six megabytes need not be sent. */
async function loadShow(operator: Operator, code: string, form: unknown, plan: () => Promise<void>): Promise<boolean> {
  const answer = await operator.putShow(code, form)
  if ('taken' in answer || answer.refused.code === 'SHOW_MISMATCH') return false
  if (answer.refused.code !== 'PLAN_UNKNOWN') throw new Error(`${code}: ${JSON.stringify(answer.refused)}`)
  await plan()
  const again = await operator.putShow(code, form)
  if ('refused' in again) throw new Error(`${code}: ${JSON.stringify(again.refused)}`)
  return true
}

async function loadBlock(operator: Operator, show: string, block: string, form: BlockForm): Promise<void> {
  const answer = await operator.putBlock(show, block, form)
  if ('taken' in answer || BLOCK_PASSED.includes(answer.refused.code)) return
  throw new Error(`${show}, ${block}: ${JSON.stringify(answer.refused)}`)
}

async function loadPlan(operator: Operator, code: string, say: (text: string) => void): Promise<void> {
  const answer = await operator.putPlan(code, JSON.stringify(exchangePlan(VENUES[code]!())))
  if ('refused' in answer) throw new Error(`${code}: ${JSON.stringify(answer.refused)}`)
  say(`${answer.taken.name}: ${answer.taken.seats} seats`)
}

/**
 * Really sold: one order after another through the shop, until its page offers
 * no more. The page may be a moment behind, so a refusal is looked at again.
 */
async function sellOut(portalUrl: string, say: (text: string) => void): Promise<void> {
  const browser = openBrowser()
  for (let tries = 1; ; tries++) {
    const free = zonePlacesFree(await browser.open(`${portalUrl}/funciones/${SOLD_OUT}`))
    if (free === 0) return
    const tickets = Math.min(TICKETS_PER_ORDER, free)
    try {
      await buyTickets(browser, { shopUrl: portalUrl, show: SOLD_OUT, tickets, person: CLUB })
      say(`${tickets} places of the open rehearsal sold`)
    } catch (err) {
      if (tries >= ORDERS_MAX) throw err
      await sleep(LOOK_AGAIN_MS)
    }
  }
}
