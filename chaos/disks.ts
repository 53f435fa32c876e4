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
 * mounted as one, so that it can be made to hang without the machine's own.
 *
 * @returns How to take them away again, once nobody works on them.
 */
export async function openDisks(directory: string, components: string[]): Promise<() => Promise<void>> {
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
  return () => removeDisks(directory)
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
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${directory}/`))
  for (const place of mounted) {
    await command('fsfreeze', '-u', place).catch(() => {}) // it was not stalled
    await command('umount', '--lazy', place)
  }
}

function dataOf(directory: string, component: string): string {
  return join(directory, 'data', component)
}

async function command(program: string, ...args: string[]): Promise<void> {
  await run(program, args, { timeout: COMMAND_MS_MAX })
}
