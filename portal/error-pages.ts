import type { FastifyError, FastifyInstance } from 'fastify'
import { Refusal } from '../chassis/errors.ts'
import { problemOf } from '../chassis/problem.ts'
import { problemView } from './message-view.ts'
import { render, wordsOf } from './render.ts'

const RETRY_AFTER_SECONDS = 2

/** Every error as a page that says what to do. What failed is for the log. */
export function answerPages(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw new Refusal('NO_SUCH_PAGE', 404, 'No page is here', {})
  })
  app.setErrorHandler<FastifyError>(async (err, request, reply) => {
    const problem = problemOf(err)
    const status = err.validation && err.validationContext !== 'body' ? 404 : problem.status
    if (status >= 500) request.log.error({ err, url: request.routeOptions.url }, 'request failed')
    if (status === 503 || status === 429) reply.header('retry-after', RETRY_AFTER_SECONDS)
    const view = problemView(wordsOf(request), status, problem.code)
    reply.code(status).type('text/html; charset=utf-8')
    return render(request, reply, 'message', view, { title: view.title })
  })
}
