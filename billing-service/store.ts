import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { isUnavailable } from '../chassis/errors.ts'
import { isMariadbDown } from '../chassis/mariadb.ts'

const ANSWER_MS_MAX = 1_000
const ASK_AGAIN_MS = 500

/** Finds the pool of the node that leads, or throws `unavailable`; see chassis/mariadb-writer.ts. */
type Writer = () => Pool

/** What a consumer needs to know of the document store: whether an error means that it is away, and when it is back. */
export function storeOf(writer: Writer) {
  return { isDown: (err: unknown) => isMariadbDown(err) || isUnavailable(err), up: () => untilWritable(writer) }
}

/** Whether the node answers in time. */
export async function answers(pool: Pool): Promise<boolean> {
  return (await readOnly(pool)) !== undefined
}

/** Whether there is a node that answers in time and takes writes. */
export async function takesWrites(writer: Writer): Promise<boolean> {
  try {
    return (await readOnly(writer())) === false
  } catch (err) {
    if (isUnavailable(err)) return false
    throw err
  }
}

async function untilWritable(writer: Writer): Promise<void> {
  while (!(await takesWrites(writer))) await sleep(ASK_AGAIN_MS)
}

async function readOnly(pool: Pool): Promise<boolean | undefined> {
  const asked = pool.query<Array<RowDataPacket & { read_only: number }>>({ sql: 'select @@read_only as read_only', timeout: ANSWER_MS_MAX })
  return asked.then(
    ([[row]]) => row?.read_only === 1,
    () => undefined
  )
}
