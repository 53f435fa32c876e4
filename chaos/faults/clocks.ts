import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresBinOf, postgresMajors } from '../../cluster/driver/host.ts'
import { EXTRA_SETTINGS, extraSettings } from '../../cluster/driver/launch.ts'
import type { Instance } from '../../cluster/instance.ts'

const LIBRARIES = '/usr/lib'
const LIBRARY = join('faketime', 'libfaketime.so.1')
/** What the library remembers of each process tree; of one that was killed it stays, and whoever gets its number later could not start. */
const LEFT = /^(?:faketime_shm|sem\.faketime_sem)_(\d+)$/
const SHARED = '/dev/shm'

/** @returns Why a component cannot be given another time of day; nothing when it can. */
export async function clocksLack(): Promise<string | undefined> {
  return library() ? undefined : 'there is no libfaketime on this machine: apt-get install libfaketime'
}

/**
 * From its next start on, a component believes that it is so much later. The
 * clock that only runs on and that nobody sets stays as it is.
 *
 * @param offsetSeconds - 0: it knows the time again.
 */
export function setClock({ directory }: Pick<Instance, 'directory'>, component: string, offsetSeconds: number): void {
  const { [component]: _before, ...others } = extraSettings(directory)
  const own = offsetSeconds === 0 ? {} : { [component]: settingsOf(directory, component, offsetSeconds) }
  writeFileSync(join(directory, EXTRA_SETTINGS), JSON.stringify({ ...others, ...own }))
  forgetTheDead()
}

function settingsOf(directory: string, component: string, offsetSeconds: number): Record<string, string> {
  const shifted = {
    LD_PRELOAD: library()!,
    FAKETIME: `${offsetSeconds > 0 ? '+' : ''}${offsetSeconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1'
  }
  return /^pg\d$/.test(component) ? { ...shifted, POSTGRES_BIN: shiftedPostgres(join(directory, 'clocks', component), shifted) } : shifted
}

/** An agent starts PostgreSQL with nothing of its own surroundings: there, the program itself has to bring them. */
function shiftedPostgres(place: string, shifted: Record<string, string>): string {
  const real = postgresBinOf(postgresMajors()[0]!)
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  for (const program of readdirSync(real).filter((name) => name !== 'postgres')) symlinkSync(join(real, program), join(place, program))
  const words = Object.entries(shifted).map(([name, value]) => `${name}='${value}'`)
  writeFileSync(join(place, 'postgres'), `#!/bin/sh\nexport ${words.join(' ')}\nexec '${join(real, 'postgres')}' "$@"\n`)
  chmodSync(join(place, 'postgres'), 0o755)
  return place
}

/** It lies where Debian puts what is for one kind of processor. */
function library(): string | undefined {
  if (!existsSync(LIBRARIES)) return undefined
  return readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, LIBRARY))
    .find((path) => existsSync(path))
}

function forgetTheDead(): void {
  for (const name of existsSync(SHARED) ? readdirSync(SHARED) : []) {
    const pid = LEFT.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(SHARED, name), { force: true })
  }
}
