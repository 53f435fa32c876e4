import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { OPERATOR, SELLER } from './given-service.ts'

/** For tests: several real processes of this service on one database, each on an address of its own. They end with the test. */
export interface Processes {
  urls: string[]
  /** @throws Error when the connection broke. */
  send: (process: number, method: string, path: string, body?: unknown) => Promise<Reply>
  /** As a crash would. */
  kill: (process: number) => Promise<void>
  /** As the supervisor does: what they did is counted when they are gone. */
  stop: () => Promise<void>
}

export interface Reply {
  status: number
  /** To the byte. */
  text: string
}

const START_MS_MAX = 30_000
const POLL_MS = 50
const PORT = 3000

/** @param urls - One process for each: the database as that process reaches it, in the name of a superuser. */
export async function givenProcesses(t: Test, urls: string[], settings: Record<string, string> = {}): Promise<Processes> {
  const net = `127.${randomInt(110, 240)}.${randomInt(1, 250)}`
  const hosts = urls.map((_, i) => `${net}.${i + 1}`)
  const children = urls.map((url, i) => start(url, hosts[i]!, settings))
  const agent = new Agent({ keepAlive: true, maxSockets: 100 })
  t.teardown(async () => {
    agent.destroy()
    await Promise.all(children.map((child) => end(child, 'SIGKILL')))
  })
  await Promise.all(hosts.map((host, i) => ready(host, children[i]!)))
  return {
    urls: hosts.map((host) => `http://${host}:${PORT}`),
    send: (process, method, path, body) => send(agent, hosts[process]!, method, path, body),
    kill: (process) => end(children[process]!, 'SIGKILL'),
    stop: async () => void (await Promise.all(children.map((child) => end(child, 'SIGTERM'))))
  }
}

function start(url: string, host: string, settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['reservation-service/main.ts'], {
    cwd: new URL('..', import.meta.url),
    env: {
      ...{ PATH: process.env.PATH ?? '', LISTEN_ADDRESS: host, PORT: `${PORT}`, LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal' },
      ...{ POSTGRES_NODES: `${url}?options=-c%20role%3Dselling`, ORCHESTRATOR_TO_RESERVATION_TOKEN: SELLER, OPERATOR_TOKEN: OPERATOR },
      ...settings
    },
    stdio: ['ignore', 'inherit', 'inherit']
  })
}

async function ready(host: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS_MAX
  while (
    !(await fetch(`http://${host}:${PORT}/readyz`).then(
      ({ ok }) => ok,
      () => false
    ))
  ) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('a process did not start')
    await sleep(POLL_MS)
  }
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

function send(agent: Agent, host: string, method: string, path: string, body: unknown): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const token = /^\/(seating-plans|shows)\//.test(path) && method !== 'GET' ? OPERATOR : SELLER
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const sent = request({ agent, host, port: PORT, method, path, headers }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () => resolve({ status: response.statusCode!, text }))
    response.on('error', reject)
  })
  sent.on('error', reject)
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  return promise
}
