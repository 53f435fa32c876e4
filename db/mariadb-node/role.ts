import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { takeTurns } from '../../chassis/turns.ts'

/** What a node knows about who leads, beside its data. */
export interface Role {
  /** Counts the promotions of the pair. A node obeys the highest that it has heard of. */
  term: number
  leader: string
  /** An operator lets the leader commit without a replica. */
  alone: boolean
  /** The last term whose history this node's data were certainly a part of. */
  joined: number
}

export interface Roles {
  read: () => Readonly<Role>
  /**
   * Resolves when the change would outlive a power cut. Called before the change is acted on.
   *
   * @throws Error when a later promotion was written meanwhile, or another one of the same term.
   */
  write: (change: Partial<Role>) => Promise<void>
}

const FIRST_TERM = 1

/**
 * The role lies outside the data, so that no copy and no restore of data brings
 * another node's along.
 *
 * @param first - Who leads a pair that nobody has promoted yet.
 */
export async function openRoles(directory: string, first: string): Promise<Roles> {
  const file = join(directory, 'role.json')
  let role = await load(file, first)
  const inTurn = takeTurns(1) // orders come while a pass is under way
  return {
    read: () => role,
    write: (change) =>
      inTurn(async () => {
        const next = { ...role, ...change }
        if (isOvertaken(next, role)) throw new Error(`term ${role.term} is led by ${role.leader}: term ${next.term} comes too late`)
        await save(file, `${JSON.stringify(next, null, 2)}\n`)
        role = next
      })
  }
}

function isOvertaken(next: Role, role: Role): boolean {
  return next.term < role.term || (next.term === role.term && next.leader !== role.leader)
}

async function load(file: string, leader: string): Promise<Role> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Role
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err // a role that cannot be read is not one that never was
    return { term: FIRST_TERM, leader, alone: false, joined: FIRST_TERM }
  }
}

async function save(file: string, text: string): Promise<void> {
  const next = await open(`${file}.next`, 'w', 0o600)
  await next.writeFile(text)
  await next.sync()
  await next.close()
  await rename(`${file}.next`, file)
  const directory = await open(dirname(file))
  await directory.sync()
  await directory.close()
}
