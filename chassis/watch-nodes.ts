import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'
import { openProbe, type Said } from './probe.ts'
import { repeat } from './repeat.ts'

/** A node as it was when it was last asked. */
export interface Seen {
  url: string
  said: Said | undefined
  /** For how long it has answered nothing. */
  silentMs: number
}

export interface Watch {
  /** Something looks wrong: everybody is asked now, and often for a while. */
  alarm: () => void
  /** What it said does not count any more. It is asked again. */
  forget: (url: string) => void
  close: () => Promise<void>
}

interface Node extends Seen {
  silentSinceMs: number | undefined
}

const OFTEN_MS = 50
const CALM_MS = 250
/** Longer than a failover takes. */
const ALARM_MS = 10_000

/**
 * Asks every node how it is, each at its own pace, so that one that does not
 * answer delays nobody else's answer. While nothing is found, or something
 * looked wrong a moment ago, they are asked often.
 *
 * @param onAnswer - Called after each answer, with what all have said last.
 * @param isFound - Whether what is looked for has been found.
 */
export function watchNodes(urls: string[], log: Log, onAnswer: (seen: readonly Seen[]) => void, isFound: () => boolean): Watch {
  let alarmedMs = performance.now()
  let closed = false
  const nodes = urls.map((url): Node => ({ url, said: undefined, silentMs: 0, silentSinceMs: undefined }))
  const probes = urls.map((url) => openProbe(url, alarm))
  const loops = nodes.map((node, i) =>
    repeat(log, CALM_MS, async () => {
      note(node, await probes[i]!.ask())
      if (!closed) onAnswer(nodes)
      if (isCalm()) return 0
      await sleep(OFTEN_MS)
      return 1
    })
  )

  return {
    alarm,
    forget(url) {
      for (const node of nodes) if (node.url === url) node.said = undefined
      alarm()
    },
    async close() {
      closed = true
      const stopped = loops.map((loop) => loop.stop())
      for (const probe of probes) probe.close()
      await Promise.all(stopped)
      for (const probe of probes) probe.close()
    }
  }

  function alarm(): void {
    alarmedMs = performance.now()
    for (const loop of loops) loop.nudge()
  }

  function isCalm(): boolean {
    return isFound() && performance.now() - alarmedMs > ALARM_MS
  }

  function note(node: Node, said: Said): void {
    const nowMs = performance.now()
    node.silentSinceMs = said === 'silent' ? (node.silentSinceMs ?? nowMs) : undefined
    node.silentMs = nowMs - (node.silentSinceMs ?? nowMs)
    const isWorse = typeof said === 'string' && typeof node.said === 'object'
    node.said = said
    if (isWorse) alarm()
  }
}
