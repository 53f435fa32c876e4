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
  const found = flawIn({ body, params, query }, 0)
  if (found) throw new Refusal('BAD_INPUT', 400, 'The request does not have the shape this door takes', { details: [found] })
}

interface Flaw {
  path: string
  message: string
}

/** Bytes are nobody's text and left to who reads them. */
function flawIn(value: unknown, depth: number): Flaw | undefined {
  if (typeof value === 'string') return flawInText(value)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined
  if (depth > DEPTH_MAX) return { path: '', message: 'must not be nested that deep' }
  for (const key of Object.keys(value)) {
    const found = flawIn((value as Record<string, unknown>)[key], depth + 1)
    if (found) return { path: `/${key}${found.path}`, message: found.message }
  }
  return undefined
}

function flawInText(text: string): Flaw | undefined {
  if (text.includes('\0')) return { path: '', message: 'must not contain the character zero' }
  return text.isWellFormed() ? undefined : { path: '', message: 'must not contain half of a surrogate pair' }
}
