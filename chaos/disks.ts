import { execFile } from 'node:child_process'
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Instance } from '../cluster/instance.ts'

const run = promisify(execFile)
/** Sparse: what is not written takes no room. */
const DISK_BYTES = 4 * 1024 ** 3
const COMMAND_MS_MAX = 60_000
/** What fills a disk: a file beside the component's own. */
const FILLER = 'filler'
/** The last room is written to, piece by piece, because nobody can say beforehand how much it is. */
const WRITTEN_BYTES = 8 * 1024 ** 2
const PIECES_BYTES = [65_536, 4_096] as const
const FULL_AGAIN_MS = 100

/** The same functions for all scenarios, so that those that share a shop share its disks. */
export const postgresDisks = ({ directory }: Instance): Promise<void> => openDisks(directory, ['pg1', 'pg2', 'pg3'])
export const mariadbDisks = ({ directory }: Instance): Promise<void> => openDisks(directory, ['maria1', 'maria2'])
export const brokerDisk = ({ directory }: Instance): Promise<void> => openDisks(directory, ['rabbitmq'])

/**
 * Gives some components a disk of their own for their data: a file that is
 * mounted as one, so that it can be made to hang, or be full, without the machine's own. They
 * are taken away by {@link removeDisks}.
 */
async function openDisks(directory: string, components: string[]): Promise<void> {
  for (const component of components) {
    const image = join(directory, 'disks', `${component}.img`)
    const place = dataOf(directory, component)
    mkdirSync(dirname(image), { recursive: true })
    mkdirSync(place, { recursive: true })
    const { uid, gid } = statSync(place)
    writeFileSync(image, '')
    truncateSync(image, DISK_BYTES)
    await command('mkfs.ext4', '-q', '-F', '-m', '0', image) // nothing is kept back for root
    await command('mount', '-o', 'loop', image, place)
    rmSync(join(place, 'lost+found'), { recursive: true })
    chownSync(place, uid, gid)
  }
}

/** Whoever writes to this disk waits, until {@link resume}. */
export async function stall(directory: string, component: string): Promise<void> {
  await command('fsfreeze', '-f', dataOf(directory, component))
}

export async function resume(directory: string, component: string): Promise<void> {
  await command('fsfreeze', '-u', dataOf(directory, component))
}

/**
 * Takes the room on this disk, and whatever becomes free on it, until the
 * returned function gives it back.
 *
 * @param leftBytes - So much stays free, as it is now.
 */
export async function fill(directory: string, component: string, leftBytes = 0): Promise<() => void> {
  const place = dataOf(directory, component)
  const path = join(place, FILLER)
  await command('fallocate', '--length', String(roomIn(place) - (leftBytes || WRITTEN_BYTES)), path)
  if (leftBytes > 0) return () => rmSync(path, { force: true })
  const fd = openSync(path, 'a')
  const timer = setInterval(() => takeAll(fd), FULL_AGAIN_MS)
  takeAll(fd)
  return () => {
    clearInterval(timer)
    closeSync(fd)
    rmSync(path, { force: true })
  }
}

/** @returns What is free on a component's disk. */
export function roomOn(directory: string, component: string): number {
  return roomIn(dataOf(directory, component))
}

function takeAll(fd: number): void {
  for (const bytes of PIECES_BYTES) {
    try {
      for (const piece = Buffer.alloc(bytes); ; ) writeSync(fd, piece)
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ENOSPC') throw err
    }
  }
}

function roomIn(place: string): number {
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize
}

/** Also what a run that was killed has left: a stalled disk is no obstacle. */
export async function removeDisks(directory: string): Promise<void> {
  await resumeAll(directory)
  for (const place of mountedIn(directory)) await command('umount', '--lazy', place)
}

/** Nobody waits for any of these disks any more, and none is full. */
export async function resumeAll(directory: string): Promise<void> {
  for (const place of mountedIn(directory)) {
    await command('fsfreeze', '-u', place).catch(() => {}) // it was not stalled
    rmSync(join(place, FILLER), { force: true })
  }
}

function mountedIn(directory: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${directory}/`))
}

function dataOf(directory: string, component: string): string {
  return join(directory, 'data', component)
}

async function command(program: string, ...args: string[]): Promise<void> {
  await run(program, args, { timeout: COMMAND_MS_MAX })
}
