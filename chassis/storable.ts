import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './errors.ts'

/** Deeper than any body that is read. What comes deeper is refused before anything walks through it and runs out of stack. */
const DEPTH_MAX = 20

/**
 * A hook that refuses what no database takes and no check survives: the
 * character zero, halves of a surrogate pair, and nesting without end. JSON may
 * carry all three, and all three would fail far inside.
 */
export async function onlyStorable({ body, params, query }: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const found = unstorable({ body, params, query })
  if (!found) return
  throw new Refusal('BAD_INPUT', 400, 'The request does not have the shape this door takes', { details: [found] })
}

/** With a list of its own instead of recursion. Bytes are nobody's text and left to who reads them. */
function unstorable(input: unknown): { path: string; message: string } | undefined {
  const due: Array<{ value: unknown; path: string[] }> = [{ value: input, path: [] }]
  for (let next = due.pop(); next; next = due.pop()) {
    const { value, path } = next
    const found = (message: string) => ({ path: path.map((key) => `/${key}`).join(''), message })
    if (typeof value === 'string' && value.includes('\0')) return found('must not contain the character zero')
    if (typeof value === 'string' && !value.isWellFormed()) return found('must not contain half of a surrogate pair')
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue
    if (path.length > DEPTH_MAX) return found('must not be nested that deep')
    for (const [key, inner] of Object.entries(value)) due.push({ value: inner, path: [...path, key] })
  }
  return undefined
}
