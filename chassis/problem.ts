import type { FastifyError, FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { isUnavailable, isUnknown, Refusal } from './errors.ts'

/**
 * What a caller gets instead of an answer. `title` is for developers; people
 * read what the portal makes of `code` and `params`.
 *
 * @see RFC 9457
 */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  params: Type.Record(Type.String(), Type.Unknown())
})

export type Problem = Static<typeof Problem>

const RETRY_AFTER_SECONDS = 1

/** The one place where an error becomes an HTTP answer. Routes need no catch. */
export function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw new Refusal('NO_SUCH_PAGE', 404, 'No route answers here', {})
  })
  app.setErrorHandler<FastifyError>((err, request, reply) => {
    const problem = problemOf(err)
    if (problem.status >= 500) request.log.error({ err }, 'request failed')
    if (problem.status === 503 || problem.status === 429) reply.header('retry-after', RETRY_AFTER_SECONDS)
    return reply.code(problem.status).type('application/problem+json').send(problem)
  })
}

export function problemOf(err: FastifyError | Refusal): Problem {
  if (err instanceof Refusal) return problem(err.status, err.code, err.message, err.params)
  if (isUnknown(err)) return problem(503, 'OUTCOME_UNKNOWN', 'It may have worked: send the same id again', {})
  if (isUnavailable(err)) return problem(503, 'UNAVAILABLE', 'Something this needs is away: come again', {})
  if (err.validation) {
    const details = err.validation.map(({ instancePath, message }) => ({ path: instancePath, message }))
    return problem(400, 'BAD_INPUT', 'The request does not have the shape this door takes', { details })
  }
  if (err.statusCode && err.statusCode < 500) return problem(err.statusCode, err.code, err.message, {})
  return problem(500, 'FAULT', 'Something of ours failed', {}) // what failed is for the log, not for the caller
}

function problem(status: number, code: string, title: string, params: Readonly<Record<string, unknown>>): Problem {
  return { type: `urn:ticketflow:problem:${code}`, title, status, code, params }
}
