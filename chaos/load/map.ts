import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance } from '../../cluster/instance.ts'
import { machineMs } from '../clock.ts'
import type { Entry, History } from '../history.ts'
import type { Wish } from './wishes.ts'

const ANSWER_MS_MAX = 9_000
/** As old as a map may be when it is asked for, and as long as a reading takes to begin. */
const OLD_MS_MAX = 350

/**
 * A look, by somebody who was just told to have some seats, at which seats of
 * the show can be had: at the other counter, and once the map must know.
 */
export async function lookAtMap(
  { reservationUrls, tokens }: Instance,
  history: History,
  { key, showId, seatNos }: Pick<Wish, 'showId' | 'seatNos'> & { key: string },
  counter: number
): Promise<void> {
  const write = (told: Pick<Entry, 'type'> & Partial<Entry>) =>
    history.write({ op: 'map', key, try: 1, showId, seatNos, atMs: machineMs(), wall: new Date().toISOString(), ...told })
  await sleep(OLD_MS_MAX)
  write({ type: 'invoke' })
  try {
    const response = await fetch(`${reservationUrls[counter % reservationUrls.length]}/shows/${showId}/availability`, {
      headers: { authorization: `Bearer ${tokens.orchestratorToReservation}` },
      signal: AbortSignal.timeout(ANSWER_MS_MAX)
    })
    const { status } = response
    const { taken } = (await response.json()) as { taken?: string }
    if (status === 200 && taken !== undefined) write({ type: 'ok', status, free: seatNos.filter((seatNo) => !isOn(taken, seatNo)) })
    else write({ type: 'unknown', status })
  } catch (err) {
    write({ type: 'unknown', why: (err as Error).message })
  }
}

/** Bit `seatNo - 1`, lowest bit first. */
function isOn(base64: string, seatNo: number): boolean {
  const byte = Buffer.from(base64, 'base64')[Math.floor((seatNo - 1) / 8)] ?? 0
  return ((byte >> ((seatNo - 1) % 8)) & 1) === 1
}
