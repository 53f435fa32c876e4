import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Component } from '../topology.ts'

const LISTENING = '0A'

/**
 * Whether every address of the instance is free.
 *
 * @returns One sentence per address that is taken, with the process that has it when that can be told.
 */
export async function takenPorts(
  components: Component[],
  extra: Array<{ name: string; address: string; port: number }>
): Promise<string[]> {
  const wanted = components.flatMap(({ name, address, ports }) => ports.map((port) => ({ name, address, port })))
  const answers = await Promise.all([...wanted, ...extra].map(complaint))
  return answers.filter((answer) => answer !== undefined)
}

async function complaint({ name, address, port }: { name: string; address: string; port: number }): Promise<string | undefined> {
  const code = await bindError(address, port)
  if (!code) return undefined
  if (code === 'EADDRNOTAVAIL') return `${name} needs ${address}:${port}, and this machine has no such address`
  if (code !== 'EADDRINUSE') return `${name} cannot have ${address}:${port} (${code})`
  return `${name} needs ${address}:${port}, which is taken by ${ownerOf(address, port)}`
}

function bindError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (err: NodeJS.ErrnoException) => resolve(err.code))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** The process that listens there, or on every address, by the kernel's own tables. */
function ownerOf(address: string, port: number): string {
  const places = [hexOf(address), '00000000', '0'.repeat(32)].map((host) => `${host}:${port.toString(16).toUpperCase().padStart(4, '0')}`)
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    linesOf(table)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => places.includes(local!) && state === LISTENING)
      .map((fields) => fields[9]!)
  )
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (socketsOf(pid).some((inode) => inodes.includes(inode))) {
      const command = linesOf(`/proc/${pid}/cmdline`).join(' ').replaceAll('\0', ' ').trim()
      return `process ${pid} (${command.slice(0, 120)})`
    }
  }
  return 'a process of another user'
}

/** As the tables write it: the bytes of an IPv4 address backwards, and those of the one IPv6 address we use. */
function hexOf(address: string): string {
  if (address === '::1') return `${'0'.repeat(24)}01000000`
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
  return bytes.reverse().join('')
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
