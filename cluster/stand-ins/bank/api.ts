import { timingSafeEqual } from 'node:crypto'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Faults } from '../faults.ts'
import { refundAnswer, transactionAnswer } from './answers.ts'
import type { Book } from './book.ts'
import { type BankFault, openCounter } from './counter.ts'
import { BankRefusal, begin, commit, refund, type Transaction } from './transaction.ts'

export interface Desk {
  book: Book
  faults: Faults<BankFault>
  commerceCode: string
  apiKey: string
  /** Whether the time for a transaction is over. */
  isLate: (transaction: Transaction) => boolean
}

const PATH = '/rswebpaytransaction/api/webpay/v1.2/transactions'
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
  const counter = openCounter(faults)
  app.addHook('onRequest', onlyTheShop(commerceCode, apiKey))
  app.addHook('preClose', counter.close)

  app.post(PATH, { schema: { body: Beginning } }, (request, reply) =>
    counter.answer('create', reply, () => {
      const transaction = kept(begin(request.body, new Date()))
      return { token: transaction.token, url: `${request.protocol}://${request.host}/webpayserver/initTransaction` }
    })
  )

  app.put(`${PATH}/:token`, { schema: { params: Token } }, ({ params }, reply) =>
    counter.answer('commit', reply, () => {
      const transaction = known(params.token)
      return transactionAnswer(kept(commit(transaction, isLate(transaction), new Date())))
    })
  )

  app.get(`${PATH}/:token`, { schema: { params: Token } }, ({ params }, reply) =>
    counter.answer('status', reply, () => transactionAnswer(known(params.token)))
  )

  app.post(`${PATH}/:token/refunds`, { schema: { params: Token, body: Type.Object({ amount: Amount }) } }, ({ params, body }, reply) =>
    counter.answer('refund', reply, () => refundAnswer(kept(refund(known(params.token), body.amount, new Date()))))
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
