import type { FastifyRequest } from 'fastify'
import { refuse } from './refusals.ts'

/** White space is fine; what else controls a terminal, ends a header or is half a character is not text. */
const NOT_TEXT = /[^\P{Cc}\t\n\r]/u

/**
 * A hook that refuses a body with anything in it that no store, mail or page
 * could carry. Without recursion: a body is small, but may be deep.
 *
 * @throws Refusal `NOT_TEXT`.
 */
export async function refuseBrokenText({ body }: FastifyRequest): Promise<void> {
  const rest: unknown[] = [body]
  while (rest.length > 0) {
    const value = rest.pop()
    if (typeof value === 'string' && (NOT_TEXT.test(value) || !value.isWellFormed())) throw refuse('NOT_TEXT')
    if (typeof value === 'object' && value !== null) rest.push(...Object.keys(value), ...Object.values(value))
  }
}
