import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../chassis/errors.ts'
import { findAlternatives } from './alternatives.ts'
import { type Availability, isTaken, type Snapshot } from './availability.ts'
import type { Command } from './commands.ts'

const ALTERNATIVES_MAX = 3
const MAP_MS_MAX = 2_000
const OFFER_MS_MAX = 200 // the refusal is decided: it does not wait long for a kindness

/**
 * Adds to a refusal what the buyer could have instead: `alternatives`, the
 * nearest equal groups of seats. From the map of a moment ago: an offer, and no promise.
 */
export async function offerOthers(
  refusal: Refusal,
  { show, chosen, ...command }: Command,
  availability: Pick<Availability, 'of'>
): Promise<Refusal> {
  const { code, status, message, params } = refusal
  if (!show || !chosen || command.does === 'order' || command.best) return refusal
  if (code !== 'SEAT_TAKEN' && code !== 'ORPHAN_SEAT') return refusal
  const map = await Promise.race([
    availability.of(show.row.show_id, MAP_MS_MAX).catch(() => undefined),
    sleep(OFFER_MS_MAX, undefined, { ref: false })
  ])
  if (!map) return refusal
  const find = () => findAlternatives(show.seating, (seatNo) => isTaken(map, seatNo), chosen.seatNos, ALTERNATIVES_MAX)
  return new Refusal(code, status, message, { ...params, alternatives: onceFor(map, chosen.seatNos.join(), find) })
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
