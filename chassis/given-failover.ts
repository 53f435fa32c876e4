import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { migratePostgres } from '../db/migrate.ts'
import { eventually, type Reign, type TestNodes, testNodes } from '../db/test-nodes.ts'

const REIGN_MS_MAX = 90_000
/** A machine that is busy with other things must not be given more and more. */
const UNDERWAY_MAX = 40

/** For tests: three nodes with our tables, in their first reign. */
export async function givenShopNodes(t: Test, instance: number): Promise<TestNodes> {
  const nodes = await testNodes(t, instance)
  const { leader } = await untilWhole(nodes)
  const client = new pg.Client(nodes.urlOf('owner', leader))
  await client.connect()
  await migratePostgres(client)
  await client.end()
  return nodes
}

/** Once both others follow: takes the primary away, and waits until another one reigns. @returns Milliseconds without. */
export async function losePrimary(nodes: TestNodes, lose: (node: string) => Promise<void>): Promise<number> {
  const { leader, epoch } = await untilWhole(nodes)
  const lostMs = performance.now()
  await lose(leader)
  await eventually(async () => {
    const reign = await nodes.reign()
    return reign.ready && reign.epoch > epoch
  }, REIGN_MS_MAX)
  return performance.now() - lostMs
}

function untilWhole(nodes: TestNodes): Promise<Reign> {
  return eventually(async () => {
    const reign = await nodes.reign()
    return reign.ready && reign.streaming.length === 2 ? reign : undefined
  }, REIGN_MS_MAX)
}

export interface Steady {
  /** Resolves when so many more have come to an end. */
  ended: (more: number) => Promise<void>
  /** Begins no more. @returns What became of all, when the last has ended. */
  stop: () => Promise<{ begun: number; failures: unknown[] }>
}

/** Begins one piece of work after the other at a steady pace, whether those before have ended or not, as long as they are not too many. */
export function steadily(everyMs: number, work: (no: number) => Promise<void>): Steady {
  const underway = new Set<Promise<void>>()
  const failures: unknown[] = []
  let begun = 0
  let ended = 0
  const timer = setInterval(begin, everyMs)
  return {
    async ended(more) {
      for (const enough = ended + more; ended < enough; ) await sleep(everyMs)
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(underway)
      return { begun, failures }
    }
  }

  function begin(): void {
    if (underway.size >= UNDERWAY_MAX) return
    const one = work(begun++)
      .catch((err: unknown) => void failures.push(err))
      .finally(() => {
        ended++
        underway.delete(one)
      })
    underway.add(one)
  }
}
