import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance } from '../../cluster/instance.ts'
import { machineMs } from '../clock.ts'
import type { Entry, History } from '../history.ts'
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
 * says it again, to the other counter, until they know what became of it.
 */
export async function ask(instance: Instance, history: History, wish: Wish, counter: number): Promise<void> {
  const key = randomUUID()
  const deadline = machineMs() + PATIENCE_MS
  for (let tries = 1; ; tries++) {
    const url = instance.reservationUrls[(counter + tries) % instance.reservationUrls.length]!
    write({ type: 'invoke' }, tries)
    const told = await send(`${url}/${wish.op === 'sale' ? 'sales' : 'holds'}/${key}`, instance, wish, key)
    write(told, tries)
    if (told.type !== 'unknown' || machineMs() > deadline) return
    await sleep(PAUSE_MS)
  }

  function write(told: Told, tries: number): void {
    history.write({ ...wish, key, try: tries, atMs: machineMs(), wall: new Date().toISOString(), ...told })
  }
}

async function send(url: string, { tokens }: Instance, { op, showId, seatNos }: Wish, key: string): Promise<Told> {
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
