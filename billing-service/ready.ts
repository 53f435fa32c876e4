import type { FastifyInstance } from 'fastify'

/** /readyz: 200 when everything this process needs for its work is there, else 503 with the names of what is missing. */
export function answerReady(app: Pick<FastifyInstance, 'get'>, needs: Record<string, () => boolean | Promise<boolean>>): void {
  app.get('/readyz', async (_request, reply) => {
    const checked = await Promise.all(Object.entries(needs).map(async ([name, isThere]) => ({ name, there: await isThere() })))
    const missing = checked.filter(({ there }) => !there).map(({ name }) => name)
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })
}
