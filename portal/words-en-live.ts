import type { LIVE_ES } from './words-es-live.ts'

export const LIVE_EN: typeof LIVE_ES = {
  live: {
    gone: (seats, count) =>
      count === 1
        ? `Just taken: ${seats}. Let go of that seat and choose another.`
        : `Just taken: ${seats}. Let go of those seats and choose others.`,
    back: (count) => (count === 1 ? '1 seat in this section is free again.' : `${count} seats in this section are free again.`),
    show: 'Show on the map'
  }
}
