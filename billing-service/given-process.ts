import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

const START_MS_MAX = 60_000 // on a machine that does much else
const WAIT_MS_MAX = 60_000
const POLL_MS = 50

/** For tests: one of our processes, as it runs in the shop, once it answers. It ends with the test. */
export async function givenProcess(t: Test, file: string, url: string, env: Record<string, string>): Promise<ChildProcess> {
  const { hostname, port } = new URL(url)
  const child = spawn(process.execPath, [file], {
    cwd: new URL('..', import.meta.url),
    env: { PATH: process.env.PATH ?? '', LISTEN_ADDRESS: hostname, PORT: port, LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal', ...env },
    stdio: ['ignore', 'inherit', 'inherit']
  })
  t.teardown(() => endProcess(child))
  const deadline = performance.now() + START_MS_MAX
  while (!(await answers(url))) {
    if (hasEnded(child) || performance.now() > deadline) throw new Error(`${file} did not start`)
    await sleep(POLL_MS)
  }
  return child
}

/** At once and without a word, as a crash would. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(POLL_MS)) {
    if (performance.now() > deadline) throw new Error('it never came true')
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false
  )
}
