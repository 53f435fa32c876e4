import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Component, Ground } from '../topology.ts'
import { endAll } from './sweep.ts'

/** A process like ours, in twenty lines: it answers, it can be told to die, and it may not listen to reason. */
const PROCESS = `
import { createServer } from 'node:http'
import { spawn } from 'node:child_process'
const { LISTEN_ADDRESS, PORT, READY_AFTER_MS = '0', STUBBORN, CHILD } = process.env
const readyAt = Date.now() + Number(READY_AFTER_MS)
if (STUBBORN) process.on('SIGTERM', () => console.log('no'))
else process.on('SIGTERM', () => process.exit(0))
if (CHILD) spawn('sleep', ['300'], { stdio: 'ignore' })
createServer((request, response) => {
  if (request.url === '/die') process.exit(3)
  response.statusCode = Date.now() >= readyAt ? 200 : 503
  response.end(JSON.stringify({ missing: ['patience'] }))
}).listen(Number(PORT), LISTEN_ADDRESS, () => console.log('listening'))
`

/** An instance's directory with nothing in it but such a process; whatever of it still runs ends with the test. */
export async function givenGround(t: Test): Promise<Ground & { processFile: string }> {
  const directory = t.testdir({ 'process.mjs': PROCESS })
  await mkdir(join(directory, 'logs'))
  t.teardown(() => endAll(directory))
  return { instance: 2, directory, secrets: {} as Ground['secrets'], postgresBin: '', processFile: join(directory, 'process.mjs') }
}

export function component(file: string, name: string, more: Partial<Component> = {}): Component {
  const address = `127.2.90.${[...name].reduce((sum, letter) => (sum * 7 + letter.charCodeAt(0)) % 250, 1) + 1}`
  return {
    name,
    kind: 'portal',
    run: { file },
    address,
    port: 3000,
    ports: [3000],
    health: { port: 3000, path: '/readyz' },
    after: [],
    stopMsMax: 2_000,
    ...more,
    settings: { LISTEN_ADDRESS: address, PORT: '3000', ...more.settings }
  }
}

/** What happened to whom, in order, as the supervisor wrote it down. */
export function changes({ directory }: Ground): string[] {
  const path = join(directory, 'logs', 'changes.log')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => line.split(' ').slice(1, 3).join(' ').replace(':', ''))
}

/** Looks until it holds, or says that it never did. */
export async function eventually(holds: () => boolean | Promise<boolean>, msMax = 5_000): Promise<void> {
  const deadline = performance.now() + msMax
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it never came to hold')
    await sleep(20)
  }
}
