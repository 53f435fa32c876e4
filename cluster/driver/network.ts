import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Component } from '../topology.ts'
import { memoryHome } from './memory.ts'
import { groupOf, groupsHome, hasGroups, kernelName, removeGroups } from './place.ts'

const run = promisify(execFile)
const COMMAND_MS_MAX = 10_000

/**
 * Where a dropped packet is caught. A connection that A opened to B carries A's
 * address only after it has left; what B answers loses it on the way out. The
 * first chain sees the one, the second the other, both before any translation.
 */
const CATCHING = ['INPUT', 'OUTPUT'] as const

/** @returns Why this process cannot give components addresses of their own; nothing when it can. */
export async function addressesLack(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root can give components addresses of their own'
  try {
    groupsHome()
    await iptables('-t', 'nat', '-S', 'POSTROUTING')
    await iptables('-t', 'mangle', '-S', 'INPUT')
    await iptables('-t', 'filter', '-S', 'OUTPUT')
    return undefined
  } catch (err) {
    return `components cannot be given addresses of their own: ${(err as Error).message.split('\n')[0]}`
  }
}

/**
 * Lets what a component sends over the loopback interface come from its own
 * address, as it would from a machine of its own. Without this it comes from
 * 127.0.0.1, and nobody can be cut off from anybody.
 */
export async function giveAddresses(instance: number, components: Component[]): Promise<void> {
  for (const { name, address } of components) {
    const group = groupOf(instance, name)
    mkdirSync(join(groupsHome(), group), { recursive: true }) // the rule needs it
    const traffic = ['-o', 'lo', '-d', `127.${instance}.0.0/16`, '-m', 'cgroup', '--path', group]
    await iptables('-t', 'nat', '-A', 'POSTROUTING', ...traffic, ...markOf(instance), '-j', 'SNAT', '--to-source', address)
  }
}

/** From now on nothing that one address sends reaches the other. The other way stays open until it is cut, too. */
export async function cut(instance: number, from: string, to: string): Promise<void> {
  for (const chain of CATCHING) await iptables('-t', 'mangle', '-A', chain, '-s', from, '-d', to, ...markOf(instance), '-j', 'DROP')
}

/** Undoes every {@link cut} of an instance. */
export async function rejoin(instance: number): Promise<void> {
  if (hasGroups(instance)) await forget(instance, 'mangle')
}

/** One end of a way. */
export interface Door {
  host: string
  port: number
}

/**
 * From now on what a component opens to one door leads to another. What it has
 * open there already is reset as soon as it is used: only a connection that is
 * opened anew takes another way.
 */
export async function divert(instance: number, component: string, door: Door, to: Door): Promise<void> {
  const group = groupOf(instance, component)
  const traffic = ['-p', 'tcp', '-d', door.host, '--dport', String(door.port), '-m', 'cgroup', '--path', group, ...markOf(instance)]
  await iptables('-t', 'nat', '-A', 'OUTPUT', ...traffic, '-j', 'DNAT', '--to-destination', `${to.host}:${to.port}`)
  await iptables('-t', 'filter', '-A', 'OUTPUT', ...traffic, '-j', 'REJECT', '--reject-with', 'tcp-reset') // what was diverted bears another address by now
}

/** Undoes every {@link divert} of an instance. What was opened meanwhile goes on by the other way until somebody closes it. */
export async function straighten(instance: number): Promise<void> {
  if (!hasGroups(instance)) return
  await forget(instance, 'filter')
  await forget(instance, 'nat', 'OUTPUT')
}

/** Removes whatever this or an earlier process left in the kernel for an instance, and nobody else's. */
export async function clearNetwork(instance: number): Promise<void> {
  if (!hasGroups(instance)) return
  for (const table of ['mangle', 'filter', 'nat']) await forget(instance, table)
  for (const home of new Set([memoryHome() ?? groupsHome(), groupsHome()])) removeGroups(instance, home) // what tells that there are any goes last
}

/** Rule by rule, by the comment that each of ours bears. */
async function forget(instance: number, table: string, chain?: string): Promise<void> {
  const rules = (await iptables('-t', table, '-S')).split('\n').map((line) => line.replaceAll('"', '').split(' '))
  const ours = rules.filter((words) => words[words.indexOf('--comment') + 1] === kernelName(instance))
  for (const [, ...rule] of ours) if (!chain || rule[0] === chain) await iptables('-t', table, '-D', ...rule)
}

function markOf(instance: number): string[] {
  return ['-m', 'comment', '--comment', kernelName(instance)]
}

async function iptables(...words: string[]): Promise<string> {
  const { stdout } = await run('iptables', ['--wait', ...words], { timeout: COMMAND_MS_MAX })
  return stdout
}
