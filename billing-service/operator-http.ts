import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { Pool } from 'mysql2/promise'
import type { Log } from '../chassis/log.ts'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { Uuid } from '../contracts/values.ts'
import { discardFailed, retryFailed } from './decide-failed.ts'
import { listRegisters, Registers } from './list-failed.ts'
import type { Reader } from './readers.ts'

const Decision = Type.Object({
  by: Type.String({ minLength: 1, maxLength: 100, description: 'Who decides; kept for auditors.' }),
  reason: Type.String({ minLength: 1, maxLength: 500 })
})

const Decided = Type.Object({ eventId: Type.String(), state: Type.String(), followed: Type.Array(Type.String()) })

interface Options {
  writer: () => Pool
  log: Log
  readers: Reader[]
  token: string
}

/** The doors to what failed and what waits behind it. An operator holds their token. */
export const operatorDoors: FastifyPluginAsyncTypebox<Options> = async (app, { writer, log, readers, token }) => {
  app.addHook('onRequest', onlyWith(token))
  const params = Type.Object({ eventId: Uuid })
  const errors = { '4xx': Problem, '5xx': Problem }

  app.get('/failed-events', { schema: { response: { 200: Registers, ...errors } } }, () => listRegisters(writer()))
  app.post('/failed-events/:eventId/retry', { schema: { params, response: { 200: Decided, ...errors } } }, ({ params }) =>
    retryFailed(writer(), log, readers, params.eventId.toLowerCase())
  )
  app.post(
    '/failed-events/:eventId/discard',
    { schema: { params, body: Decision, response: { 200: Decided, ...errors } } },
    ({ params, body }) => discardFailed(writer(), log, readers, params.eventId.toLowerCase(), body)
  )
}
