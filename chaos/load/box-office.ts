import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance } from '../../cluster/instance.ts'
import { machineMs } from '../clock.ts'
import type { Entry, History } from '../history.ts'
import { lookAtMap } from './map.ts'
import type { Wish } from './wishes.ts'

/** Longer than the service gives itself, so that its own «unknown» is heard. */
const ANSWER_MS_MAX = 9_000
const PAUSE_MS = 250
/** Who has not been told for this long goes away not knowing. */
const PATIENCE_MS = 150_000
const BUYER = { name: 'Violeta Prueba', rut: '11111111-1' }

type Told = Pick<Entry, 'type'> & Partial<Entry>

/**
 * A buyer at the box office: says what they want under an id of their own, and
 * says it again, to the other counter, until they know what became of it. Some
 * who were told «yes» ask once more, or twice at once: the answer must not change.
 */
export async function ask(instance: Instance, history: History, { again, looks, ...wish }: Wish, counter: number): Promise<void> {
  const key = randomUUID()
  const deadline = machineMs() + PATIENCE_MS
  let tries = 1
  for (let told = await say(tries); told !== 'ok'; told = await say(++tries)) {
    if (told === 'refused' || machineMs() > deadline) return
    await sleep(PAUSE_MS)
  }
  await Promise.all(Array.from({ length: again }, (_, i) => say(tries + 1 + i, { again: true })))
  if (looks) await lookAtMap(instance, history, { ...wish, key }, counter + tries)

  async function say(nth: number, mark: Pick<Entry, 'again'> = {}): Promise<Told['type']> {
    const url = instance.reservationUrls[(counter + nth) % instance.reservationUrls.length]!
    write({ type: 'invoke', ...mark }, nth)
    const told = await send(`${url}/${wish.op === 'sale' ? 'sales' : 'holds'}/${key}`, instance, wish, key)
    write({ ...told, ...mark }, nth)
    return told.type
  }

  function write(told: Told, nth: number): void {
    history.write({ ...wish, key, try: nth, atMs: machineMs(), wall: new Date().toISOString(), ...told })
  }
}

async function send(url: string, { tokens }: Instance, { op, showId, seatNos }: Omit<Wish, 'again' | 'looks'>, key: string): Promise<Told> {
  const choice = { showId, seatNos, places: [] }
  const body = op === 'hold' ? choice : { ...choice, buyer: { ...BUYER, email: `caos.${key}@ejemplo.cl` }, language: 'es' }
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.orchestratorToReservation}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX)
    })
    return toldBy(response.status, await response.text())
  } catch (err) {
    const { name, message, cause } = err as Error & { cause?: { code?: string } }
    return { type: 'unknown', why: cause?.code ?? (name === 'TimeoutError' ? 'no answer' : message) }
  }
}

/** What is too much at the moment is as open as what got no answer: it is asked again. */
function toldBy(status: number, text: string): Told {
  const answer = JSON.parse(text) as { code?: string; orderId?: string; totalClp?: number; heldUntil?: string }
  const { code, orderId, totalClp, heldUntil } = answer
  if (status >= 500 || status === 429) return { type: 'unknown', status, ...(code ? { code } : {}) }
  if (status >= 400) return { type: 'refused', status, ...(code ? { code } : {}) }
  return {
    type: 'ok',
    status,
    digest: createHash('sha256').update(text).digest('base64url'),
    ...(orderId ? { orderId } : {}),
    ...(totalClp === undefined ? {} : { totalClp }),
    ...(heldUntil ? { heldUntilMs: Date.parse(heldUntil) } : {})
  }
}
