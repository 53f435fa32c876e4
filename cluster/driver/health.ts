import { get } from 'node:http'
import { connect } from 'node:net'
import type { Component } from '../topology.ts'

const ANSWER_MS_MAX = 2_000

/** Asks a component once. @returns Nothing when it can do its work, else what is missing. */
export function ailment({ health, address }: Component): Promise<string | undefined> {
  if (health === 'ends') return Promise.resolve('has not ended')
  return 'path' in health ? askHttp(address, health.port, health.path) : askTcp(address, health.port)
}

function askHttp(host: string, port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, timeout: ANSWER_MS_MAX }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve(response.statusCode === 200 ? undefined : missingIn(body, response.statusCode!)))
      response.on('error', () => resolve('broke off'))
    })
    request.on('timeout', () => request.destroy(new Error('does not answer')))
    request.on('error', (err: NodeJS.ErrnoException) => resolve(err.code === 'ECONNREFUSED' ? 'does not listen' : err.message))
  })
}

function missingIn(body: string, status: number): string {
  try {
    const { missing } = JSON.parse(body) as { missing?: string[] }
    if (missing && missing.length > 0) return `misses ${missing.join(', ')}`
  } catch {
    // no JSON: the status says it
  }
  return `answers ${status}`
}

/** For a server that listens only once it can serve. Nothing is said, so nothing is logged over there. */
function askTcp(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS_MAX })
    const finish = (answer?: string) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => finish())
    socket.on('timeout', () => finish('does not answer'))
    socket.on('error', () => finish('does not listen'))
  })
}
