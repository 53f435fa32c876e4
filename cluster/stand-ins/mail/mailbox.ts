import { randomUUID } from 'node:crypto'
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Envelope, type Letter, letterOf, type Mail, summaryOf } from './read-mail.ts'

/** The oldest goes when one more comes. */
const MAILS_MAX = 5_000

export interface Question {
  to?: string | undefined
  subject?: string | undefined
  limit?: number | undefined
}

export interface Mailbox {
  /** Keeps a mail. It is on disk when this resolves: then the sender may be told so. */
  keep: (envelope: Envelope, raw: Buffer) => Promise<Mail>
  /** Newest first; parts of words will do, in any case. */
  find: (question: Question) => Mail[]
  read: (id: string) => Promise<(Mail & { letter: Letter }) | undefined>
  /** How often each Message-ID was delivered. More than once is a repeat. */
  deliveries: () => Map<string, number>
  /** Whether older mails had to go. */
  overflowed: () => boolean
  empty: () => Promise<void>
}

/** Mails in a directory: a file for each, and a list with a line for each. */
export async function openMailbox(directory: string): Promise<Mailbox> {
  await mkdir(directory, { recursive: true })
  await chmod(directory, 0o700) // other people's mail
  const list = join(directory, 'list.jsonl')
  const mails = await readList(directory, list)
  const deliveries = new Map<string, number>()
  for (const { messageId } of mails) count(deliveries, messageId)
  const inTurn = turns()
  let lines = mails.length
  let overflowed = mails.length >= MAILS_MAX

  return {
    async keep(envelope, raw) {
      const mail = await summaryOf(randomUUID(), new Date(), envelope, raw)
      await writeFile(fileOf(directory, mail.id), raw)
      await inTurn(() => enlist(mail))
      return mail
    },
    find: (question) => newest(mails, question),
    async read(id) {
      const mail = mails.find((candidate) => candidate.id === id)
      return mail && { ...mail, letter: await letterOf(await readFile(fileOf(directory, id))) }
    },
    deliveries: () => deliveries,
    overflowed: () => overflowed,
    empty: () => inTurn(forget)
  }

  async function forget(): Promise<void> {
    const gone = mails.splice(0)
    deliveries.clear()
    overflowed = false
    await writeList(list, mails)
    lines = 0
    for (const { id } of gone) await rm(fileOf(directory, id), { force: true })
  }

  async function enlist(mail: Mail): Promise<void> {
    await appendFile(list, `${JSON.stringify(mail)}\n`)
    mails.push(mail)
    count(deliveries, mail.messageId)
    if (mails.length > MAILS_MAX) {
      overflowed = true
      await rm(fileOf(directory, mails.shift()!.id), { force: true })
    }
    if (++lines > 2 * MAILS_MAX) {
      await writeList(list, mails)
      lines = mails.length
    }
  }
}

function count(deliveries: Map<string, number>, messageId: string): void {
  deliveries.set(messageId, (deliveries.get(messageId) ?? 0) + 1)
  const [oldest] = deliveries.keys()
  if (deliveries.size > 2 * MAILS_MAX && oldest) deliveries.delete(oldest)
}

function newest(mails: Mail[], { to = '', subject = '', limit = MAILS_MAX }: Question): Mail[] {
  return mails
    .filter((mail) => mail.to.some((address) => has(address, to)) && has(mail.subject, subject))
    .reverse()
    .slice(0, limit)
}

/** One change at a time, in the order they were asked for. */
function turns(): (change: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const turn = last.then(change)
    last = turn.catch(() => {})
    return turn
  }
}

/** What is in both the list and the directory. What a crash left in one of them was never answered for. */
async function readList(directory: string, list: string): Promise<Mail[]> {
  const text = await readFile(list, 'utf8').catch(() => '')
  const files = new Set(await readdir(directory))
  const mails = text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Mail)
    .filter(({ id }) => files.has(`${id}.eml`))
    .slice(-MAILS_MAX)
  const listed = new Set(mails.map(({ id }) => `${id}.eml`))
  for (const file of files) if (file.endsWith('.eml') && !listed.has(file)) await rm(join(directory, file))
  await writeList(list, mails)
  return mails
}

async function writeList(list: string, mails: Mail[]): Promise<void> {
  await writeFile(`${list}.new`, mails.map((mail) => `${JSON.stringify(mail)}\n`).join(''))
  await rename(`${list}.new`, list)
}

function fileOf(directory: string, id: string): string {
  return join(directory, `${id}.eml`)
}

function has(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}
