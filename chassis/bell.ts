import subscriber from 'pg-listen'
import type { Log } from './log.ts'
import { OUTBOX_CHANNEL } from './outbox.ts'

const CHECK_MS = 1_000
const REOPEN_MS = 2_000

export interface Bell {
  close: () => Promise<void>
}

/**
 * Calls `nudge` when the outbox has news. One bell per epoch: pg-listen cannot
 * follow a primary to another node, and on a standby it goes deaf. What is rung
 * while the connection is away is lost, so every new connection is news too.
 *
 * pg-listen does not try a first connection again, and goes on trying a lost one
 * after it was closed; so it is given up on the first trouble and opened anew here.
 */
export function openBell(connectionString: string, log: Log, nudge: () => void): Bell {
  let closed = false
  let reopening: NodeJS.Timeout | undefined
  let bell = listen()

  return {
    async close() {
      closed = true
      clearTimeout(reopening)
      await bell.close()
    }
  }

  function listen() {
    const opened = subscriber.default(
      { connectionString, query_timeout: CHECK_MS, connectionTimeoutMillis: CHECK_MS },
      { retryLimit: 1, paranoidChecking: CHECK_MS, parse: (text) => text }
    )
    const lost = (err: unknown) => {
      if (closed || opened !== bell || reopening) return
      log.warn({ err }, 'bell lost; polling goes on')
      reopening = setTimeout(reopen, REOPEN_MS)
    }
    opened.notifications.on(OUTBOX_CHANNEL, nudge)
    opened.events.on('error', lost)
    opened
      .connect()
      .then(() => opened.listenTo(OUTBOX_CHANNEL))
      .then(nudge, lost)
    return opened
  }

  function reopen(): void {
    reopening = undefined
    bell.close().catch(() => {})
    bell = listen()
  }
}
