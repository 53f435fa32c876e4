import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { INSTANCE_MARK } from '../../cluster/driver/sweep.ts'
import type { Shop } from '../shop.ts'

export interface Pair {
  urls: string[]
  pids: number[]
  end: () => Promise<void>
}

const PORT = 3000
const READY_MS_MAX = 20_000
const LOOK_MS = 50

/** Two processes of a server that serves for comparison, as there are two of ours. They end with this process. */
export async function startPair(shop: Shop, file: 'naive.ts' | 'empty.ts', settings: Record<string, string>): Promise<Pair> {
  const { instance, directory } = shop.instance
  const addresses = [1, 2].map((n) => `127.${instance}.20.${n}`)
  const children = addresses.map((address) =>
    fork(join(import.meta.dirname, file), {
      env: { ...process.env, ...settings, LISTEN_ADDRESS: address, PORT: String(PORT), [INSTANCE_MARK]: directory }
    })
  )
  const pair = {
    urls: addresses.map((address) => `http://${address}:${PORT}`),
    pids: children.map((child) => child.pid!),
    end: async () => void (await Promise.all(children.map(endOne)))
  }
  try {
    await Promise.all(pair.urls.map(untilReady))
  } catch (err) {
    await pair.end()
    throw err
  }
  return pair
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = performance.now() + READY_MS_MAX; ; ) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer && answer.status < 500) return // a door that asks for a token is open too
    if (performance.now() > deadline) throw new Error(`${url} does not answer`)
    await sleep(LOOK_MS)
  }
}

function endOne(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
