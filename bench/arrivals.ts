const STEPS = 60

/**
 * When buyers come to an on-sale: all at the door when it opens, then fewer and
 * fewer, as `peak * e^(-k t)`; k is such that all of them have come at the end.
 * Spaced evenly along that curve, so every run has the same arrivals.
 *
 * @returns Milliseconds after the opening, ascending.
 */
export function arrivalsMs(buyers: number, seconds: number, peakPerSecond: number): number[] {
  const decay = decayOf(buyers, seconds, peakPerSecond)
  return Array.from({ length: buyers }, (_, i) => (-1_000 / decay) * Math.log(1 - (decay * (i + 0.5)) / peakPerSecond))
}

/** By halving: the more it decays, the fewer come. */
function decayOf(buyers: number, seconds: number, peakPerSecond: number): number {
  if (buyers >= peakPerSecond * seconds) throw new Error('so many cannot come in that time with that peak')
  let [low, high] = [1e-9, peakPerSecond / buyers]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    const comeAll = (peakPerSecond / middle) * (1 - Math.exp(-middle * seconds))
    if (comeAll > buyers) low = middle
    else high = middle
  }
  return (low + high) / 2
}
