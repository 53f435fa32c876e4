import { execFile } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Sparse: what is not written takes no room. */
const DISK_BYTES = 4 * 1024 ** 3
const COMMAND_MS_MAX = 60_000

/**
 * Gives some components a disk of their own for their data: a file that is
 * mounted as one, so that it can be made to hang without the machine's own. They
 * are taken away by {@link removeDisks}.
 */
export async function openDisks(directory: string, components: string[]): Promise<void> {
  for (const component of components) {
    const image = join(directory, 'disks', `${component}.img`)
    const place = dataOf(directory, component)
    mkdirSync(dirname(image), { recursive: true })
    mkdirSync(place, { recursive: true })
    const { uid, gid } = statSync(place)
    writeFileSync(image, '')
    truncateSync(image, DISK_BYTES)
    await command('mkfs.ext4', '-q', '-F', image)
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

/** Also what a run that was killed has left: a stalled disk is no obstacle. */
export async function removeDisks(directory: string): Promise<void> {
  await resumeAll(directory)
  for (const place of mountedIn(directory)) await command('umount', '--lazy', place)
}

/** Nobody waits for any of these disks any more. */
export async function resumeAll(directory: string): Promise<void> {
  for (const place of mountedIn(directory)) await command('fsfreeze', '-u', place).catch(() => {}) // it was not stalled
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
