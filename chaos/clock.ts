const NS_PER_MS = 1e6

/** Milliseconds on the machine's own clock, which nobody sets: the same for every process on it. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS
}
