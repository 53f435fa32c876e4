import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { isUnavailable } from '../chassis/errors.ts'
import { isMariadbDown } from '../chassis/mariadb.ts'

const ANSWER_MS_MAX = 1_000
const ASK_AGAIN_MS = 500

const QUESTION = `
  select @@read_only as readOnly, @@rpl_semi_sync_master_enabled as waits,
    (select variable_value from information_schema.global_status where variable_name = 'RPL_SEMI_SYNC_MASTER_CLIENTS') as replicas`

/** What a node says of itself: whether its commits wait for a replica, and for how many they could. */
interface Said extends RowDataPacket {
  readOnly: number
  waits: number
  replicas: string
}

/** Finds the pool of the node that leads, or throws `unavailable`; see chassis/mariadb-writer.ts. */
export type Writer = () => Pool

/** What a consumer needs to know of the document store: whether an error means that it is away, and when it is back. */
export function storeOf(writer: Writer) {
  return { isDown: isAway, up: () => untilItCommits(writer) }
}

/**
 * Does something in the document store, and does it again while the store is
 * away. So what a process has in hand outlives an outage that is shorter than its
 * lease, and nobody has to do it once more.
 *
 * @param untilMs - On the clock of `performance.now()`: when the lease ends.
 * @param work - Repeatable: it may have been done, and nobody said so.
 */
export async function outlast<T>(untilMs: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (err) {
      if (!isAway(err) || performance.now() + ASK_AGAIN_MS > untilMs) throw err
      await sleep(ASK_AGAIN_MS)
    }
  }
}

function isAway(err: unknown): boolean {
  return isMariadbDown(err) || isUnavailable(err)
}

/** Whether the node answers in time. */
export async function answers(pool: Pool): Promise<boolean> {
  return (await ask(pool)) !== undefined
}

/** Whether there is a node that answers in time and takes writes. */
export async function takesWrites(writer: Writer): Promise<boolean> {
  return (await askLeader(writer))?.readOnly === 0
}

/** A node that takes writes and waits for a replica that is away would not answer: to try costs an event one of its deliveries. */
async function untilItCommits(writer: Writer): Promise<void> {
  for (;;) {
    const said = await askLeader(writer)
    if (said?.readOnly === 0 && (said.waits === 0 || Number(said.replicas) > 0)) return
    await sleep(ASK_AGAIN_MS)
  }
}

async function askLeader(writer: Writer): Promise<Said | undefined> {
  try {
    return await ask(writer())
  } catch (err) {
    if (isUnavailable(err)) return undefined
    throw err
  }
}

function ask(pool: Pool): Promise<Said | undefined> {
  return pool.query<Said[]>({ sql: QUESTION, timeout: ANSWER_MS_MAX }).then(
    ([[said]]) => said,
    () => undefined
  )
}
