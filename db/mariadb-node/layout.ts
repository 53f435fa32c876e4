import { execFile } from 'node:child_process'
import { chown, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const SERVER_USER = 'mysql'
const SOCKET_BYTES_MAX = 107 // what fits in a socket's address

export interface Layout {
  root: string
  /** The node's data, always whole: a directory gets this name once it is complete. */
  data: string
  /** A copy or an installation in progress; worth nothing after a crash. */
  making: string
  /** What `data` was before the last copy took its place. */
  before: string
  socket: string
  makingSocket: string
  log: string
  identity: string
  /** Who the server runs as; undefined: as whoever the agent is. */
  user: string | undefined
}

/**
 * Makes the node's directory, or says why the server could not live in it.
 * A server started by root runs as a user of its own, which has to be able to
 * enter every directory above.
 */
export async function openLayout(root: string): Promise<Layout> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  const user = process.getuid?.() === 0 ? SERVER_USER : undefined
  if (user) await giveTo(user, root)
  const socket = join(root, 'mariadb.sock')
  if (Buffer.byteLength(socket) > SOCKET_BYTES_MAX - 'making-'.length) throw new Error(`the path ${root} is too long for a socket in it`)
  return {
    root,
    data: join(root, 'data'),
    making: join(root, 'making'),
    before: join(root, 'before'),
    socket,
    makingSocket: join(root, 'making-mariadb.sock'),
    log: join(root, 'mariadbd.log'),
    identity: join(root, 'identity'),
    user
  }
}

async function giveTo(user: string, root: string): Promise<void> {
  const [uid, gid] = await Promise.all([idOf(user, '-u'), idOf(user, '-g')])
  await chown(root, uid, gid)
  for (let directory = dirname(root); directory !== '/'; directory = dirname(directory)) {
    const { mode, uid: owner } = await stat(directory)
    if ((mode & 0o001) === 0 && owner !== uid) throw new Error(`the operating system user ${user} cannot enter ${directory}`)
  }
}

async function idOf(user: string, which: '-u' | '-g'): Promise<number> {
  const { stdout } = await promisify(execFile)('id', [which, user]).catch(() => {
    throw new Error(`there is no operating system user ${user}: is mariadb-server installed?`)
  })
  return Number(stdout)
}
