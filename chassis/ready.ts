import type { FastifyInstance } from 'fastify'

/** What a process needs for its work, by name. A need that throws is not there. */
export type Needs = Record<string, () => unknown>

/** /readyz: 200 when everything this process needs for its work is there, else 503 with the names of what is missing. */
export function answerReady(app: Pick<FastifyInstance, 'get'>, needs: Needs): void {
  app.get('/readyz', async (_request, reply) => {
    const checked = await Promise.all(Object.entries(needs).map(async ([name, need]) => ({ name, there: await isThere(need) })))
    const missing = checked.filter(({ there }) => !there).map(({ name }) => name)
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing })
  })
}

async function isThere(need: () => unknown): Promise<boolean> {
  try {
    return Boolean(await need())
  } catch {
    return false
  }
}
