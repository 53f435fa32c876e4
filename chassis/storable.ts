import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './errors.ts'

/**
 * A hook that refuses a body with text no database takes: the character zero and
 * halves of a surrogate pair. JSON may carry both, and both would fail far inside.
 */
export async function onlyStorable({ body }: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const path = unstorable(body)
  if (path === undefined) return
  const message = 'must not contain the character zero or half of a surrogate pair'
  throw new Refusal('BAD_INPUT', 400, 'The request does not have the shape this door takes', { details: [{ path, message }] })
}

/** With a list of its own instead of recursion: a body may be deeper than the stack. */
function unstorable(body: unknown): string | undefined {
  const due: Array<{ value: unknown; path: string[] }> = [{ value: body, path: [] }]
  for (let next = due.pop(); next; next = due.pop()) {
    const { value, path } = next
    if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) return path.map((key) => `/${key}`).join('')
    if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) continue
    for (const [key, inner] of Object.entries(value)) due.push({ value: inner, path: [...path, key] })
  }
  return undefined
}

/** Deeper than any body that is read; what lies below is never stored. */
const DEPTH_MAX = 20
