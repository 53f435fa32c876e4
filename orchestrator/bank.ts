import { setTimeout as sleep } from 'node:timers/promises'
import transbank from 'transbank-sdk'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { unavailable, unknownOutcome } from '../chassis/errors.ts'

/** What the bank says about one payment. `open`: it has taken no money, and may yet. */
export interface BankAnswer {
  state: 'open' | 'authorized' | 'rejected' | 'refunded'
  amountClp: number
  buyOrder: string
  detail: unknown
}

/** A provider of payments by redirect. An answer is certain; an error says nothing about what happened. */
export interface Bank {
  name: string
  create: (payment: { buyOrder: string; sessionId: string; amountClp: number }) => Promise<{ token: string; url: string }>
  /** Takes the money of a payment that its buyer has approved. After an error, ask `status`: never commit blindly again. */
  commit: (token: string) => Promise<BankAnswer>
  status: (token: string) => Promise<BankAnswer>
  /** Gives all of it back. After an error, ask `status`. */
  refund: (token: string, amountClp: number) => Promise<void>
}

const CALL_MS_MAX = 5_000 // what takes longer is asked about: a buyer waits in front of the page
const DEADLINE_SLACK_MS = 250

const Created = Type.Object({ token: Type.String({ minLength: 1, maxLength: 64 }), url: Type.String({ pattern: '^https?://' }) })

const Transaction = Type.Object({
  status: Type.String(),
  amount: Type.Integer(),
  buy_order: Type.String(),
  response_code: Type.Optional(Type.Integer())
})

const STATES: Record<string, BankAnswer['state']> = {
  INITIALIZED: 'open',
  AUTHORIZED: 'authorized',
  CAPTURED: 'authorized',
  FAILED: 'rejected',
  REVERSED: 'refunded',
  NULLIFIED: 'refunded'
}

/**
 * Webpay Plus. The SDK would wait for ten minutes and hides what HTTP said, so
 * every call has a deadline of its own, and its errors are only read for
 * whether the bank refused.
 *
 * @param returnUrl - Where the bank sends the buyer's browser.
 * @see https://www.transbankdevelopers.cl/referencia/webpay
 */
export function webpay(baseUrl: string, commerceCode: string, apiKey: string, returnUrl: string): Bank {
  const options = new transbank.Options(commerceCode, apiKey, baseUrl, CALL_MS_MAX)
  const shop = new transbank.WebpayPlus.Transaction(options)

  return {
    name: 'webpay',
    async create({ buyOrder, sessionId, amountClp }) {
      const created: unknown = await inTime(shop.create(buyOrder, sessionId, amountClp, returnUrl)).catch((err: unknown) => {
        throw unavailable('the bank', err) // what was made there, if anything, has a token that nobody knows
      })
      return Value.Parse(Created, created)
    },
    commit: async (token) => answerOf(await inTime(shop.commit(token))),
    status: async (token) => answerOf(await inTime(shop.status(token))),
    refund: async (token, amountClp) => {
      await inTime(shop.refund(token, amountClp))
    }
  }
}

async function inTime(call: Promise<unknown>): Promise<unknown> {
  const late = new AbortController()
  const deadline = sleep(CALL_MS_MAX + DEADLINE_SLACK_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('the bank did not answer in time')
  })
  try {
    return await Promise.race([call, deadline])
  } catch (err) {
    throw unknownOutcome(err)
  } finally {
    late.abort()
    deadline.catch(() => {})
  }
}

function answerOf(detail: unknown): BankAnswer {
  if (!Value.Check(Transaction, detail)) throw unknownOutcome(new Error('the bank answered in a shape we do not know'))
  const { status, amount: amountClp, buy_order: buyOrder, response_code: code }: Static<typeof Transaction> = detail
  const state = STATES[status]
  if (!state) throw unknownOutcome(new Error(`the bank names a state we do not know: ${status}`))
  return { state: state === 'authorized' && code !== undefined && code !== 0 ? 'rejected' : state, amountClp, buyOrder, detail }
}
