import { createHash } from 'node:crypto'
import { refuse } from './refusals.ts'

/** Above what any plan has, by far. */
const DEPTH_MAX = 32

interface PlanFile {
  content: unknown
  /** sha256 of the bytes: the same file is recognised by it. */
  fingerprint: string
}

/**
 * From bytes to a value, for a file that anybody may have made. Depth is counted
 * before parsing: a few megabytes of brackets keep the parser busy for seconds.
 *
 * @throws Refusal `PLAN_NOT_JSON` with the reason, and the byte where it shows.
 */
export function parsePlanFile(bytes: Buffer): PlanFile {
  mustBeShallow(bytes)
  const text = decoded(bytes)
  try {
    return { content: JSON.parse(text), fingerprint: createHash('sha256').update(bytes).digest('hex') }
  } catch (err) {
    const [, position] = /position (\d+)/.exec(String(err)) ?? []
    throw refuse('PLAN_NOT_JSON', { reason: 'syntax', ...(position ? { position: Number(position) } : {}) })
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse('PLAN_NOT_JSON', { reason: 'not-utf-8' })
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [OPENING, CLOSING] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])]

function mustBeShallow(bytes: Buffer): void {
  let depth = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (inText && byte === BACKSLASH) i++
    else if (byte === QUOTE) inText = !inText
    else if (inText || byte < 0x5b) continue
    else if (OPENING.has(byte)) depth++
    else if (CLOSING.has(byte)) depth--
    if (depth > DEPTH_MAX) throw refuse('PLAN_NOT_JSON', { reason: 'too-deep', position: i, max: DEPTH_MAX })
  }
}
