/** What is to be undone, in the reverse of the order in which it was done. */
export interface Closing {
  add: (step: () => unknown) => void
  /** Takes every step, whatever fails on the way, and once however often it is asked for. @throws Error what failed. */
  close: () => Promise<void>
}

/** A step that is added while others are being taken is taken, too. */
export function openClosing(): Closing {
  const steps: Array<() => unknown> = []
  let closed: Promise<void> | undefined

  return { add: (step) => void steps.push(step), close: () => (closed ??= closeAll()) }

  async function closeAll(): Promise<void> {
    const failed: string[] = []
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step()
      } catch (err) {
        failed.push((err as Error).message)
      }
    }
    if (failed.length > 0) throw new Error(`not everything was closed: ${failed.join('; ')}`)
  }
}
