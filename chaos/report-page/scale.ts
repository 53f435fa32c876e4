const STEPS = [1, 2, 5, 10]
/** People count seconds in sixties. */
const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000)
]

/** An axis: where a value lies between its ends. */
export interface Scale {
  /** 0 at the beginning of the axis, 1 at its end; never beyond. */
  at: (value: number) => number
  ticks: number[]
}

export function linear(from: number, to: number, ticks: number[]): Scale {
  return {
    at: (value) => within((value - from) / Math.max(to - from, Number.MIN_VALUE)),
    ticks: ticks.filter((tick) => tick >= from && tick <= to)
  }
}

/** Whole numbers from nothing up to a round one that is not below the greatest. */
export function counting(greatest: number, ticksMax: number): Scale {
  const least = Math.max(1, greatest / ticksMax)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = STEPS.find((one) => one * power >= least)! * power
  const top = Math.max(1, Math.ceil(greatest / step)) * step
  return linear(0, top, multiples(step, 0, top))
}

export function time(fromMs: number, toMs: number, ticksMax: number): Scale {
  const step = TIME_STEPS_MS.find((one) => (toMs - fromMs) / one <= ticksMax) ?? toMs - fromMs
  return linear(fromMs, toMs, multiples(step, fromMs, toMs))
}

/** From milliseconds to minutes on one axis: a tenth is as far from one as one is from ten. */
export function logarithmic(leastMs: number, greatestMs: number): Scale {
  const [from, to] = [Math.floor(Math.log10(Math.max(1, leastMs))), Math.ceil(Math.log10(Math.max(10, greatestMs)))]
  const powers = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
  return { at: (value) => within((Math.log10(Math.max(value, 10 ** from)) - from) / (to - from || 1)), ticks: powers }
}

function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step)
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}
