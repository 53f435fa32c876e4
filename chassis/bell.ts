import subscriber from 'pg-listen'
import type { Log } from './log.ts'
import { OUTBOX_CHANNEL } from './outbox.ts'

const CHECK_MS = 1_000

/**
 * Calls `nudge` when the outbox has news. One bell per epoch: pg-listen cannot
 * follow a primary to another node, and on a standby it goes deaf. What is rung
 * while the connection is away is lost, so every new connection is news too.
 */
export function openBell(connectionString: string, log: Log, nudge: () => void): { close: () => Promise<void> } {
  const bell = subscriber.default(
    { connectionString, query_timeout: CHECK_MS },
    {
      retryTimeout: Number.POSITIVE_INFINITY, // else it gives up for ever after three seconds
      paranoidChecking: CHECK_MS,
      parse: (text) => text
    }
  )
  const lost = (err: unknown) => log.warn({ err }, 'bell lost; polling goes on')
  bell.notifications.on(OUTBOX_CHANNEL, nudge)
  bell.events.on('connected', nudge)
  bell.events.on('error', lost)
  bell
    .connect()
    .then(() => bell.listenTo(OUTBOX_CHANNEL))
    .catch(lost)
  return bell
}
