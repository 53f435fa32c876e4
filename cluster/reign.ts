import { setTimeout as sleep } from 'node:timers/promises'
import type { Instance } from './instance.ts'
import type { Refused } from './operator.ts'

/** What the failover says of the PostgreSQL nodes. */
export interface Reign {
  ready: boolean
  /** In one phrase, what the cluster is at or waits for. */
  says: string
  /** Nothing will change until somebody helps. */
  loud: boolean
  leader?: string
  epoch?: number
  /** Who could take over. */
  streaming: string[]
  /** Who is being copied anew. */
  copying: string[]
  nodes: Array<{ node: string; role: string; epoch: number | null; lsn: number | null; copiedShare?: number; silentMs: number }>
}

const ANSWER_MS_MAX = 5_000
const LOOK_AGAIN_MS = 50

/** @throws Error when the failover does not answer. */
export async function readReign({ failoverUrl }: Pick<Instance, 'failoverUrl'>): Promise<Reign> {
  const response = await fetch(`${failoverUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
  return (await response.json()) as Reign
}

/** Sends a person's wish to the failover. @returns What it refused, or nothing: it will see to it, or nobody can say whether it heard. */
export async function askFailover({ failoverUrl, operatorToken }: Instance, path: string, body: unknown): Promise<Refused | undefined> {
  const response = await fetch(`${failoverUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorToken}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS_MAX)
  }).catch(() => undefined)
  return !response || response.ok ? undefined : ((await response.json()) as Refused)
}

/** Looks until a reign is as it should be; the failover may be started anew meanwhile. @throws Error telling what it is instead. */
export async function untilReign(instance: Instance, msMax: number, holds: (reign: Reign) => boolean): Promise<Reign> {
  const deadline = performance.now() + msMax
  for (;;) {
    const reign = await readReign(instance).catch((err: Error) => err)
    if (!(reign instanceof Error) && holds(reign)) return reign
    if (performance.now() > deadline)
      throw new Error(`after ${msMax / 1_000} s: ${reign instanceof Error ? 'the failover does not answer' : reign.says}`)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** One line for each node. */
export function nodesIn(reign: Reign): string {
  return reign.nodes
    .map(
      ({ node, role, epoch, lsn }) => `  ${node}  ${role.padEnd(8)}  reign ${epoch ?? '?'}, WAL to ${lsn ?? '?'}  ${doingOf(node, reign)}`
    )
    .join('\n')
}

function doingOf(node: string, { leader, streaming, nodes }: Reign): string {
  const { copiedShare } = nodes.find((one) => one.node === node)!
  if (node === leader) return 'leads'
  if (copiedShare !== undefined) return `is copied anew: ${Math.round(copiedShare * 100)} %`
  return streaming.includes(node) ? 'follows' : ''
}
