import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

const READY_MS_MAX = 10_000

/** For tests: one of our processes, once it is ready, until the test ends. @returns How to end it sooner. */
export async function givenProcess(t: Test, file: string, url: string, settings: Record<string, string>) {
  const { hostname, port } = new URL(url)
  const env = { ...process.env, LISTEN_ADDRESS: hostname, PORT: port, LOG_LEVEL: 'warn', ...settings }
  const child = spawn(process.execPath, ['--disable-warning=FSTDEP023', file], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  t.teardown(() => end('SIGKILL'))
  const isReady = () => fetch(`${url}/readyz`).then(({ ok }) => ok, () => false) // biome-ignore format: one thought
  for (const deadline = performance.now() + READY_MS_MAX; !(await isReady()); await sleep(50)) {
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`${file} did not start`)
  }
  return { end }
}
