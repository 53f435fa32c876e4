import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Instance, ROOT } from '../../cluster/instance.ts'

const run = promisify(execFile)
const COMMAND_MS_MAX = 120_000
const LOOK_AGAIN_MS = 250

/** A mail as the mailbox shows it. */
interface Mail {
  id: string
  to: string[]
  subject: string
  text: string
  attachments: Array<{ name: string; type: string; size: number }>
}

/** One of the commands that people type. @throws Error with what it printed, when it failed. */
export async function command(...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['cluster/bootstrap.mjs', ...words], { cwd: ROOT, timeout: COMMAND_MS_MAX })
  return stdout
}

/** Newest first. */
export async function mailsTo({ mailUrl }: Instance, email: string): Promise<Mail[]> {
  const mails = await asked<Mail[]>(`${mailUrl}/api/messages?to=${encodeURIComponent(email)}`)
  return Promise.all(mails.map(({ id }) => asked<Mail>(`${mailUrl}/api/messages/${id}`)))
}

async function asked<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as T
}

/** A different buyer for every test, so that mails and orders are told apart. */
export function someone(): { name: string; email: string } {
  return { name: 'Gabriela Prueba', email: `gabriela.${process.hrtime.bigint().toString(36)}@ejemplo.cl` }
}

/** Looks until there is something to see. @throws Error naming what was waited for. */
export async function eventually<T>(what: string, msMax: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + msMax
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${msMax} ms`)
    await sleep(LOOK_AGAIN_MS)
  }
}
