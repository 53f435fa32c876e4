/** What is wrong, and for how many calls more. */
export interface Fault<Mode extends string> {
  mode: Mode
  /** Whom it meets; nothing: everybody. */
  on?: string | undefined
  /** Calls it still meets; nothing: all, until it is taken back. */
  count?: number | undefined
}

export interface Faults<Mode extends string> {
  set: (fault: Fault<Mode> | undefined) => void
  current: () => Fault<Mode> | undefined
  /** Meets the fault, and uses up one of its counts. */
  take: (call: string) => Mode | undefined
}

/** Trouble on demand, one kind at a time. */
export function openFaults<Mode extends string>(): Faults<Mode> {
  let fault: Fault<Mode> | undefined
  return {
    set: (next) => {
      fault = next
    },
    current: () => fault,
    take(call) {
      if (!fault || (fault.on !== undefined && fault.on !== call)) return undefined
      const { mode, count } = fault
      if (count !== undefined) fault = count > 1 ? { ...fault, count: count - 1 } : undefined
      return mode
    }
  }
}
