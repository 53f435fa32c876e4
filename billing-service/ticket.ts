import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { TicketKeys } from '../contracts/documents.ts'
import { verifyTicket } from './ticket-code.ts'

const KEYS = 'http://localhost:8080/llaves.json'
const ANSWER_MS_MAX = 5_000
const USAGE = `usage: npm run ticket -- verify "TF1...." [--keys URL-OR-FILE] [--json]

Says whether the text of a ticket's QR was signed by us, as a gate does it, without asking any database.
The published keys come from --keys, or from the running instance: ${KEYS}`

process.exitCode = await run(process.argv.slice(2))

/** @returns The exit code: 0 for a valid ticket, 1 for any other text, 2 when it could not be found out. */
async function run(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { keys: { type: 'string' }, json: { type: 'boolean' } }
    })
    const [command, text] = positionals
    if (command !== 'verify' || !text || positionals.length > 2) throw new Error(USAGE)
    return say(verifyTicket(await readKeys(values.keys ?? KEYS), text.trim()), values.json ?? false)
  } catch (err) {
    console.error(err instanceof Error ? err.message : String(err))
    return 2
  }
}

async function readKeys(from: string): Promise<TicketKeys> {
  const text = /^https?:/.test(from) ? await fetchText(from) : await readFile(from, 'utf8')
  const keys: unknown = JSON.parse(text)
  if (!Value.Check(TicketKeys, keys)) throw new Error(`${from} holds no published ticket keys`)
  return keys
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(() => undefined)
  if (!response) throw new Error(`${url} does not answer: start an instance with npm start, or name a file of keys with --keys`)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.text()
}

function say(verdict: ReturnType<typeof verifyTicket>, json: boolean): number {
  if (json) console.log(JSON.stringify(verdict.valid ? { valid: true, kid: verdict.kid, ...verdict.ticket } : verdict))
  else if (verdict.valid) {
    const { ticketId, showId, lineNo } = verdict.ticket
    console.log(`valid: signed with key ${verdict.kid}\nticket ${ticketId}\nshow   ${showId}\nline   ${lineNo} of its order`)
  } else console.log(`NOT valid: ${verdict.reason}`)
  return verdict.valid ? 0 : 1
}
