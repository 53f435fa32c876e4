/** Shows that are alike, with ids that follow one another. */
export interface Hall {
  firstShowId: number
  shows: number
  seatsPerShow: number
}

export function pairsIn({ shows, seatsPerShow }: Hall): number {
  return shows * Math.floor(seatsPerShow / 2)
}

/** Pairs of neighbours, dealt to the shows in turn, from the first seat on. `baselines/pgbench.ts` deals them the same way. */
export function pairAt({ firstShowId, shows }: Hall, n: number): { showId: number; seatNos: [number, number] } {
  const first = 2 * Math.floor(n / shows) + 1
  return { showId: firstShowId + (n % shows), seatNos: [first, first + 1] }
}

export function showIdsOf({ firstShowId, shows }: Hall): number[] {
  return Array.from({ length: shows }, (_, i) => firstShowId + i)
}
