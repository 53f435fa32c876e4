import { randomUUID } from 'node:crypto'
import type { Instance } from '../../cluster/instance.ts'
import { machineMs } from '../clock.ts'
import type { Entry, History } from '../history.ts'
import { HALL_TITLE, type Halls } from './load.ts'

/** As patient as people are. */
const ANSWER_MS_MAX = 15_000

/** @returns One look at the catalogue by somebody new: its first page and a show's, in turn. Never rejects. */
export function openPages({ url: shopUrl }: Instance, history: History, { shopShow }: Halls): () => Promise<void> {
  const urls = [`${shopUrl}/`, `${shopUrl}/funciones/${shopShow}`]
  let looks = 0

  return async () => {
    const url = urls[looks++ % urls.length]!
    const key = randomUUID()
    const write = (told: Pick<Entry, 'type'> & Partial<Entry>) =>
      history.write({ op: 'page', key, try: 1, atMs: machineMs(), wall: new Date().toISOString(), ...told })
    write({ type: 'invoke' })
    write(await look(url))
  }
}

async function look(url: string): Promise<Pick<Entry, 'type'> & Partial<Entry>> {
  try {
    const response = await fetch(url, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    const { status } = response
    const isThere = (await response.text()).includes(HALL_TITLE)
    return status === 200 && isThere ? { type: 'ok', status } : { type: 'unknown', status, why: `${status} without the show at ${url}` }
  } catch (err) {
    return { type: 'unknown', why: (err as Error).message }
  }
}
