import { rmSync } from 'node:fs'
import { endWith } from '../cluster/arguments.ts'
import { openClosing } from './closing.ts'
import { making } from './made.ts'
import { notRun, type Result, type Series } from './result.ts'
import { playSeries } from './series.ts'
import { lackFor, openStage } from './stage.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130 // as a shell says it

/** Where series are played one after the other. */
export interface Theatre {
  /** The instance. */
  number: number
  seed: number
  /** Where everything is kept; it is emptied. */
  directory: string
  /** Where each shop leaves what it has, counted from 1. */
  shopDirectory: (shop: number) => string
  seriesDirectory: (series: Series) => string
}

/**
 * Opens a shop, plays one series after the other in it, and tells the result of
 * each. A shop in which something was broken shows nothing any more: the next
 * series finds a new one.
 */
export async function playAll(theatre: Theatre, all: Series[], say: (text: string) => void, tell: (result: Result) => void): Promise<void> {
  rmSync(theatre.directory, { recursive: true, force: true })
  const made = await making()
  const playable: Series[] = []
  for (const series of all) {
    const lack = await lackFor(series.scenario)
    if (lack) tell(notRun(series, made(), lack))
    else playable.push(series)
  }
  for (let shop = 1; playable.length > 0; shop++) playable.splice(0, await playUntilBroken(theatre, shop, playable, say, tell))
}

/** @returns How many were played. */
async function playUntilBroken(
  { number, seed, shopDirectory, seriesDirectory }: Theatre,
  shop: number,
  all: Series[],
  say: (text: string) => void,
  tell: (result: Result) => void
): Promise<number> {
  const trouble: string[] = []
  const closing = openClosing()
  const stop = () => void closing.close().then(() => process.exit(INTERRUPTED), endWith)
  for (const signal of SIGNALS) process.on(signal, stop) // also while it opens or closes: what the kernel was told outlives us
  try {
    const plan = { number, seed, directory: shopDirectory(shop), scenarios: all.map(({ scenario }) => scenario) }
    const stage = await openStage(plan, closing, say, (err) => trouble.push(err.message))
    for (const [i, series] of all.entries()) {
      const result = await playSeries(stage, series, seriesDirectory(series), trouble, say)
      tell(result)
      if (!result.holds) return i + 1
    }
    return all.length
  } finally {
    await closing.close() // whoever was interrupted ends here, by the signal's hand
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
