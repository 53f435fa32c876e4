import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { isMariadbDown } from '../chassis/mariadb.ts'

const ANSWER_MS_MAX = 1_000
const ASK_AGAIN_MS = 500

/** What a consumer needs to know of the document store: whether an error means that it is away, and when it is back. */
export function storeOf(pool: Pool) {
  return { isDown: isMariadbDown, up: () => untilWritable(pool) }
}

/** Whether the node answers in time. */
export async function answers(pool: Pool): Promise<boolean> {
  return (await readOnly(pool)) !== undefined
}

/** Whether the node answers in time and takes writes. */
export async function takesWrites(pool: Pool): Promise<boolean> {
  return (await readOnly(pool)) === false
}

async function untilWritable(pool: Pool): Promise<void> {
  while (!(await takesWrites(pool))) await sleep(ASK_AGAIN_MS)
}

async function readOnly(pool: Pool): Promise<boolean | undefined> {
  const asked = pool.query<Array<RowDataPacket & { read_only: number }>>({ sql: 'select @@read_only as read_only', timeout: ANSWER_MS_MAX })
  return asked.then(
    ([[row]]) => row?.read_only === 1,
    () => undefined
  )
}
