import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { writeSettings } from './settings.ts'
import { ENVIRONMENT, type User } from './user.ts'

const LOG_BYTES_MAX = 20_000_000

/** Starts a postmaster that outlives this process, on data nobody works on. */
export function launch(config: Config, user: User, directory: string): ChildProcess {
  clearLocks(config, directory)
  writeSettings(config, user, directory)
  const output = openLog(config)
  const files = ['-c', `config_file=${config.DATA_DIRECTORY}/postgresql.conf`, '-c', `hba_file=${config.DATA_DIRECTORY}/pg_hba.conf`]
  const child = spawn(join(config.POSTGRES_BIN, 'postgres'), ['-D', directory, ...files], {
    cwd: directory,
    env: ENVIRONMENT,
    stdio: ['ignore', output, output],
    detached: true, // no signal meant for the agent reaches it
    ...user.ids
  })
  closeSync(output)
  child.unref()
  return child
}

/** Where everything goes that PostgreSQL says. */
export function logOf({ DATA_DIRECTORY }: Config): string {
  return join(DATA_DIRECTORY, 'postgres.log')
}

/** How long that log is. */
export function logBytes(config: Config): number {
  return statSync(logOf(config), { throwIfNoEntry: false })?.size ?? 0
}

/** Left by a postmaster that was killed. Nobody works here any more, so nobody holds them. */
function clearLocks({ DATA_DIRECTORY, POSTGRES_PORT }: Config, directory: string): void {
  rmSync(join(directory, 'postmaster.pid'), { force: true })
  rmSync(join(DATA_DIRECTORY, `.s.PGSQL.${POSTGRES_PORT}.lock`), { force: true })
  rmSync(join(DATA_DIRECTORY, `.s.PGSQL.${POSTGRES_PORT}`), { force: true })
}

/** A file and no pipe: PostgreSQL goes on writing when the agent is gone. */
function openLog(config: Config): number {
  const file = logOf(config)
  if (logBytes(config) > LOG_BYTES_MAX) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
