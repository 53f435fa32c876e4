import { timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Faults } from '../faults.ts'
import { refundAnswer, transactionAnswer } from './answers.ts'
import type { Book } from './book.ts'
import { BankRefusal, begin, commit, refund, type Transaction } from './transaction.ts'

/** `500`: nothing was done; `hang`: nothing is done and nobody answers; `die`: it was done and nobody answers; `slow`: it was done, after a while. */
export type BankFault = 'slow' | '500' | 'hang' | 'die'

export interface Desk {
  book: Book
  faults: Faults<BankFault>
  commerceCode: string
  apiKey: string
  /** Whether the time for a transaction is over. */
  isLate: (transaction: Transaction) => boolean
}

const PATH = '/rswebpaytransaction/api/webpay/v1.2/transactions'
const SLOW_MS = 4_000
const HANGING_MAX = 1_000
const AMOUNT_MAX = 999_999_999

const Token = Type.Object({ token: Type.String({ minLength: 1, maxLength: 64 }) })
const Amount = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX })
const Beginning = Type.Object({
  buy_order: Type.String({ minLength: 1, maxLength: 26, pattern: '^[\\w|=&%.,~:/?[+!@()>-]+$' }),
  session_id: Type.String({ minLength: 1, maxLength: 61 }),
  amount: Amount,
  return_url: Type.String({ minLength: 1, maxLength: 256, pattern: '^https?://' })
})

/** The bank as a shop's server sees it: Webpay Plus, REST, version 1.2. */
export const api: FastifyPluginAsyncTypebox<Desk> = async (app, { book, faults, commerceCode, apiKey, isLate }) => {
  const hanging = new Set<FastifyReply>()
  app.addHook('onRequest', onlyTheShop(commerceCode, apiKey))
  app.addHook('preClose', async () => {
    for (const reply of hanging) reply.raw.destroy()
  })

  app.post(PATH, { schema: { body: Beginning } }, (request, reply) =>
    answer('create', reply, () => {
      const transaction = kept(begin(request.body, new Date()))
      return { token: transaction.token, url: `${request.protocol}://${request.host}/webpayserver/initTransaction` }
    })
  )

  app.put(`${PATH}/:token`, { schema: { params: Token } }, ({ params }, reply) =>
    answer('commit', reply, () => {
      const transaction = known(params.token)
      return transactionAnswer(kept(commit(transaction, isLate(transaction), new Date())))
    })
  )

  app.get(`${PATH}/:token`, { schema: { params: Token } }, ({ params }, reply) =>
    answer('status', reply, () => transactionAnswer(known(params.token)))
  )

  app.post(`${PATH}/:token/refunds`, { schema: { params: Token, body: Type.Object({ amount: Amount }) } }, ({ params, body }, reply) =>
    answer('refund', reply, () => refundAnswer(kept(refund(known(params.token), body.amount, new Date()))))
  )

  function known(token: string): Transaction {
    const transaction = book.find(token)
    if (!transaction) throw new BankRefusal('Invalid value for parameter: transaction not found')
    return transaction
  }

  function kept(transaction: Transaction): Transaction {
    book.keep(transaction)
    return transaction
  }

  async function answer(call: string, reply: FastifyReply, act: () => object): Promise<unknown> {
    const fault = faults.take(call)
    if (fault === 'slow') await sleep(SLOW_MS)
    if (fault === '500') return reply.code(500).send({ error_message: 'Internal error' })
    if (fault === 'hang' && hanging.size < HANGING_MAX) return leave(reply)
    const done = act()
    if (fault !== 'die') return done
    reply.hijack()
    reply.raw.destroy()
  }

  function leave(reply: FastifyReply): void {
    reply.hijack()
    hanging.add(reply)
    reply.raw.on('close', () => hanging.delete(reply))
  }
}

function onlyTheShop(commerceCode: string, apiKey: string) {
  return async ({ headers }: FastifyRequest, reply: FastifyReply) => {
    if (same(headers['tbk-api-key-id'], commerceCode) && same(headers['tbk-api-key-secret'], apiKey)) return
    return reply.code(401).send({ error_message: 'Not Authorized' })
  }
}

function same(given: string | string[] | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Every error as the bank words it. */
export function answerAsTheBank(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error_message: 'Not found' }))
  app.setErrorHandler<FastifyError>((err, request, reply) => {
    if (err instanceof BankRefusal) return reply.code(422).send({ error_message: err.message })
    const [wrong] = err.validation ?? []
    if (wrong)
      return reply.code(422).send({ error_message: `Invalid value for parameter: ${wrong.instancePath.slice(1) || wrong.message}` })
    if (err.statusCode && err.statusCode < 500) return reply.code(err.statusCode).send({ error_message: err.message })
    request.log.error({ err }, 'request failed')
    return reply.code(500).send({ error_message: 'Internal error' })
  })
}
