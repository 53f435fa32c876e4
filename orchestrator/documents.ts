import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Refusal, unavailable } from '../chassis/errors.ts'
import type { Log } from '../chassis/log.ts'
import type { Documents, TicketKeys } from '../contracts/documents.ts'
import { type Answer, type DocumentNode, openDocumentNode } from './documents-node.ts'

const HEADERS_MS_MAX = 3_000
const HEADERS_MS_MAX_OF_SOME = 800 // of a node that is not the last hope: frozen, it must not cost its readers more
const FILE_BYTES_MAX = 20 * 1024 * 1024
const WORTH_MAX = 3
const UNKNOWN = 'DOCUMENT_UNKNOWN'
/** What billing says about a file, passed on as it is. */
const PASSED_ON = ['content-type', 'content-disposition', 'etag', 'x-source'] as const

/** A file on its way from billing to the portal. `x-source` among its headers says which node it came from. */
export interface DocumentFile {
  bytes: Readable
  headers: Record<string, string>
}

export interface DocumentReader {
  find: (orderId: string) => Promise<Documents>
  keys: () => Promise<TicketKeys>
  /** @param name - As billing names it: `receipt.pdf`, `tickets.pdf`, `tickets/2.pdf`. */
  file: (orderId: string, name: string) => Promise<DocumentFile>
  close: () => void
}

/**
 * Reads documents from the node that leads, and from the other one while that
 * does not answer: a dead primary never hides a document that exists. Every
 * answer says whether its node leads, so a promotion is noticed by the first
 * reader after it. A former leader that was cut off says that it leads, too: what
 * a leader does not have the other node is asked for, and who has it is believed.
 * A refusal is an answer, but what a replica does not know is not there yet.
 *
 * @throws `unavailable` when neither node answers; Refusal `DOCUMENT_PENDING`
 *   for what only a replica could be asked about, and it does not have.
 */
export function readDocuments(primaryUrl: string, replicaUrl: string, token: string, log: Log): DocumentReader {
  let nodes = [primaryUrl, replicaUrl].map((url) => openDocumentNode(url, token, log)) // the last that led comes first

  return {
    find: async (orderId) => (await (await best(`/orders/${orderId}/documents`)).json()) as Documents,
    keys: async () => (await (await best('/ticket-keys')).json()) as TicketKeys,
    file: async (orderId, name) => fileOf(await best(`/orders/${orderId}/${name}`)),
    close: () => {
      for (const node of nodes) node.close()
    }
  }

  async function best(path: string): Promise<Response> {
    const causes: unknown[] = []
    let kept: { node: DocumentNode; answer: Answer } | undefined
    for (const node of nodes) {
      const msMax = causes.length === 0 ? HEADERS_MS_MAX_OF_SOME : HEADERS_MS_MAX
      const answer = await node.ask(path, msMax).catch((err: unknown) => void causes.push(err))
      if (answer && kept && worthOf(answer) <= worthOf(kept.answer)) await answer.discard()
      else if (answer) {
        await kept?.answer.discard()
        kept = { node, answer }
      }
      if (kept && worthOf(kept.answer) === WORTH_MAX) break
    }
    if (!kept) return responseOf(await lastHope(path, causes))
    const { node, answer } = kept
    if (answer.leads) nodes = [node, ...nodes.filter((other) => other !== node)]
    return responseOf(answer)
  }

  /** That a node was left alone for a while, or given little time, is no reason to say that nobody has the document. */
  async function lastHope(path: string, causes: unknown[]): Promise<Answer> {
    for (const node of nodes) {
      const answer = await node.askAnyway(path, HEADERS_MS_MAX).catch((err: unknown) => void causes.push(err))
      if (answer) return answer
    }
    throw unavailable('the document store', new AggregateError(causes))
  }
}

/** A document that is there before the word of a leader that it is not: two may say that they lead. */
function worthOf({ leads, complete }: Answer): number {
  return (complete ? 2 : 0) + (leads ? 1 : 0)
}

function responseOf({ leads, result }: Answer): Response {
  if (!(result instanceof Refusal)) return result
  if (leads || result.code !== UNKNOWN) throw result
  throw new Refusal('DOCUMENT_PENDING', 409, 'This document is still being made', result.params)
}

/** @throws Error when the file is larger than we carry, or its size is not said before it comes. */
async function fileOf(response: Response): Promise<DocumentFile> {
  const { headers, body } = response
  const length = Number(headers.get('content-length') ?? Number.NaN)
  if (!body || !(length <= FILE_BYTES_MAX)) {
    await body?.cancel()
    throw new Error('billing sends a file that we do not carry')
  }
  const known = PASSED_ON.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) as string]] : []))
  return { bytes: Readable.fromWeb(body as ReadableStream), headers: { ...Object.fromEntries(known), 'content-length': String(length) } }
}
