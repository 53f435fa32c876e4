import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import type { Layout } from './layout.ts'
import { ENVIRONMENT, findServer, stopServer } from './process.ts'

const INSTALL_MS_MAX = 60_000

/**
 * Makes an empty data directory in `layout.making`. The only account in it is
 * root's, by the unix socket, for the operating system user that the agent is.
 */
export async function installInto(layout: Layout, signal: AbortSignal): Promise<void> {
  const left = await findServer(layout.making)
  if (left) await stopServer(left, 0)
  await rm(layout.making, { recursive: true, force: true })
  await promisify(execFile)(
    'mariadb-install-db',
    [
      '--no-defaults',
      ...(layout.user ? [`--user=${layout.user}`] : []),
      `--datadir=${layout.making}`,
      '--auth-root-authentication-method=socket',
      `--auth-root-socket-user=${userInfo().username}`,
      '--skip-test-db',
      '--skip-name-resolve'
    ],
    { env: ENVIRONMENT, timeout: INSTALL_MS_MAX, signal }
  )
}
