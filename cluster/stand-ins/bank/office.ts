import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { settlement, transactionAnswer } from './answers.ts'
import type { Desk } from './api.ts'

const LISTED_MAX = 500

const Fault = Type.Object({
  mode: Type.Union((['none', 'slow', '500', 'hang', 'die'] as const).map((mode) => Type.Literal(mode))),
  /** create, commit, status or refund; nothing: every call. */
  on: Type.Optional(Type.Union((['create', 'commit', 'status', 'refund'] as const).map((call) => Type.Literal(call)))),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 }))
})

/** What no bank has: its books for tests, trouble on demand; and what it has: the day's file. */
export const office: FastifyPluginAsyncTypebox<Desk> = async (app, { book, faults, commerceCode }) => {
  app.get(
    '/api/transactions',
    { schema: { querystring: Type.Object({ buy_order: Type.Optional(Type.String({ minLength: 1, maxLength: 26 })) }) } },
    async ({ query }) => {
      const asked = book.all().filter(({ buyOrder }) => query.buy_order === undefined || buyOrder === query.buy_order)
      return asked.slice(0, LISTED_MAX).map((transaction) => ({
        token: transaction.token,
        decision: transaction.decision ?? null,
        createdAt: transaction.createdAt,
        refunds: transaction.refunds,
        ...transactionAnswer(transaction)
      }))
    }
  )

  app.get(
    '/api/settlements/:file',
    { schema: { params: Type.Object({ file: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}\\.csv$' }) }) } },
    async ({ params }, reply) => reply.type('text/csv; charset=utf-8').send(settlement(book.all(), params.file.slice(0, 10), commerceCode))
  )

  app.get('/api/faults', async () => faults.current() ?? { mode: 'none' })

  app.post('/api/faults', { schema: { body: Fault } }, async ({ body: { mode, ...rest } }) => {
    faults.set(mode === 'none' ? undefined : { mode, ...rest })
    return faults.current() ?? { mode: 'none' }
  })
}
