import { Refusal } from '../chassis/errors.ts'
import { findAlternatives } from './alternatives.ts'
import { type Availability, isTaken, type Snapshot } from './availability.ts'
import { mostTogether } from './best-available.ts'
import type { Command } from './commands.ts'

const ALTERNATIVES_MAX = 3
const MAP_MS_MAX = 2_000

/**
 * Adds to a refusal what the buyer could have instead: `alternatives`, the
 * nearest equal groups of seats, or `together`, how many are to be had side by
 * side. From the map of a moment ago: an offer, and no promise.
 */
export async function offerOthers(
  refusal: Refusal,
  { show, chosen, ...command }: Command,
  availability: Pick<Availability, 'of'>
): Promise<Refusal> {
  if (!show || command.does === 'order') return refusal
  const { best } = command
  const seatNos = chosen?.seatNos ?? []
  const helps = refusal.code === 'NOT_TOGETHER' || ((refusal.code === 'SEAT_TAKEN' || refusal.code === 'ORPHAN_SEAT') && !best)
  const map = helps ? await availability.of(show.row.show_id, MAP_MS_MAX).catch(() => undefined) : undefined
  if (!map) return refusal
  const taken = (seatNo: number) => isTaken(map, seatNo)
  if (best) return withParams(refusal, { together: mostTogether(show.seating, taken, best) })
  const alternatives = onceFor(map, seatNos.join(), () => findAlternatives(show.seating, taken, seatNos, ALTERNATIVES_MAX))
  return withParams(refusal, { alternatives })
}

function withParams({ code, status, message, params }: Refusal, more: Record<string, unknown>): Refusal {
  return new Refusal(code, status, message, { ...params, ...more })
}

/** A thousand buyers who want the same two seats are offered the same others. */
const offered = new WeakMap<Snapshot, Map<string, number[][]>>()

function onceFor(map: Snapshot, key: string, find: () => number[][]): number[][] {
  const ofMap = offered.get(map) ?? new Map<string, number[][]>()
  offered.set(map, ofMap)
  const known = ofMap.get(key) ?? find()
  ofMap.set(key, known)
  return known
}
