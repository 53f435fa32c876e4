import type { FastifyReply } from 'fastify'
import { Refusal } from '../chassis/errors.ts'

interface Listener {
  purchaseId: string
  seen: string
  reply: FastifyReply
  endsAtMs: number
}

const LISTENERS_MAX = 300
const LOOK_MS = 1_000
const BREATH_MS = 10_000 // shorter than any proxy waits for a word
const LISTEN_MS_MAX = 120_000 // then the browser comes again by itself, perhaps to another instance
const RETRY_MS = 3_000

export interface News {
  /** Tells `reply`, as server-sent events, when the purchase stands elsewhere than where its page saw it. */
  open: (reply: FastifyReply, purchaseId: string, seen: string) => FastifyReply
  close: () => void
}

/**
 * Looks once a second at each purchase that somebody listens to, however many
 * tabs are open on it. Says one thing, `changed`, and hangs up: the page then
 * asks for itself again. Over the limit a browser is refused and its page goes
 * on without news, with its link to refresh.
 *
 * @param look - Where a purchase stands, in one word.
 */
export function streamNews(look: (purchaseId: string) => Promise<string>): News {
  const listeners = new Set<Listener>()
  let underway = false
  const looking = setInterval(lookInTurn, LOOK_MS)
  const breathing = setInterval(() => {
    for (const { reply } of listeners) reply.raw.write(': \n\n')
  }, BREATH_MS)
  looking.unref()
  breathing.unref()

  return { open, close }

  function open(reply: FastifyReply, purchaseId: string, seen: string): FastifyReply {
    if (listeners.size >= LISTENERS_MAX) throw new Refusal('TOO_MANY_LISTENERS', 429, 'Too many pages listen', {})
    const listener = { purchaseId, seen, reply, endsAtMs: performance.now() + LISTEN_MS_MAX }
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no'
    })
    reply.raw.write(`retry: ${RETRY_MS}\n\n`)
    reply.raw.on('close', () => listeners.delete(listener))
    listeners.add(listener)
    return reply
  }

  /** One round at a time: rounds that wait for a slow answer must not pile up in front of those who buy. */
  async function lookInTurn(): Promise<void> {
    if (underway) return
    underway = true
    await lookOnce()
    underway = false
  }

  async function lookOnce(): Promise<void> {
    const byPurchase = Map.groupBy(listeners, ({ purchaseId }) => purchaseId)
    for (const listener of listeners) if (performance.now() > listener.endsAtMs) listener.reply.raw.end()
    await Promise.all(
      [...byPurchase].map(([purchaseId, group]) =>
        look(purchaseId).then(
          (now) => tell(group, now),
          () => {}
        )
      )
    ) // unknown is no news
  }

  function tell(group: Listener[], now: string): void {
    for (const { reply, seen } of group) if (seen !== now) reply.raw.end('event: changed\ndata: 1\n\n')
  }

  function close(): void {
    clearInterval(looking)
    clearInterval(breathing)
    for (const { reply } of listeners) reply.raw.end()
  }
}
