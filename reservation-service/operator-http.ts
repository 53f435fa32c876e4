import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import { Value } from 'typebox/value'
import { openPatience } from '../chassis/patience.ts'
import { type Tx, transaction } from '../chassis/postgres.ts'
import { Problem } from '../chassis/problem.ts'
import { onlyWith } from '../chassis/server.ts'
import { Block, BlockRequest, PlanReport, Show, ShowRequest, Unblocked } from '../contracts/selling.ts'
import { Code } from '../contracts/values.ts'
import { blockSeats } from './block-seats.ts'
import { importPlan } from './import-plan.ts'
import { makeShow } from './make-show.ts'
import { parsePlanFile } from './plan-file.ts'
import { readPlan } from './read-plan.ts'
import { refuse } from './refusals.ts'
import { releaseBlock } from './release-block.ts'

const PLAN_BYTES_MAX = 32 * 1024 * 1024
const SEAT_LIST_BYTES_MAX = 1024 * 1024 // the accessible seats of a stadium, or two thousand house seats
const ANSWER_MS_MAX = 10_000
const COMMANDS_MAX = 50 // operators are few, and their files are big

const Problems = { '4xx': Problem, '5xx': Problem }

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

export interface OperatorOptions {
  writer: () => Pool
  token: string
}

/** The doors that load what is sold. An operator holds their token. */
export const operatorDoors: FastifyPluginAsyncTypebox<OperatorOptions> = async (app, { writer, token }) => {
  app.addHook('onRequest', onlyWith(token))
  const patiently = openPatience({ answerMsMax: ANSWER_MS_MAX, commandsMax: COMMANDS_MAX })
  const run: Run = (work) => patiently(() => transaction(writer(), work))

  const show = { params: Type.Object({ showCode: Code }), body: ShowRequest, response: { 200: Show, ...Problems } }
  app.put('/shows/:showCode', { schema: show, bodyLimit: SEAT_LIST_BYTES_MAX }, ({ params, body }) => {
    const request = Value.Clean(ShowRequest, body) as ShowRequest
    return run((tx) => makeShow(tx, params.showCode, request))
  })

  const block = { params: Type.Object({ showCode: Code, blockCode: Code }) }
  app.put(
    '/shows/:showCode/blocks/:blockCode',
    { schema: { ...block, body: BlockRequest, response: { 200: Block, ...Problems } }, bodyLimit: SEAT_LIST_BYTES_MAX },
    ({ params: { showCode, blockCode }, body: { reason, seats } }) => run((tx) => blockSeats(tx, showCode, blockCode, { reason, seats }))
  )

  app.delete(
    '/shows/:showCode/blocks/:blockCode',
    { schema: { ...block, response: { 200: Unblocked, ...Problems } } },
    ({ params: { showCode, blockCode } }) => run((tx) => releaseBlock(tx, showCode, blockCode))
  )

  await app.register(planDoor, { run })
}

/** In a context of its own, because here a body is a file: bigger than elsewhere, and parsed with care. */
const planDoor: FastifyPluginAsyncTypebox<{ run: Run }> = async (app, { run }) => {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: PLAN_BYTES_MAX },
    async (_request: FastifyRequest, bytes: Buffer) => bytes
  )
  const schema = {
    params: Type.Object({ planCode: Code }),
    body: Type.Unknown({ description: 'A plan in the exchange format of the pretix seating-plan editor: docs/seating-plans.md.' }),
    response: { 200: PlanReport, ...Problems }
  }
  app.put('/seating-plans/:planCode', { schema, bodyLimit: PLAN_BYTES_MAX }, ({ params, body }) => {
    if (!Buffer.isBuffer(body)) throw refuse('PLAN_NOT_JSON', { reason: 'empty' })
    const { content, fingerprint } = parsePlanFile(body)
    const plan = readPlan(content)
    return run((tx) => importPlan(tx, params.planCode, plan, fingerprint))
  })
}
