import { spawn } from 'node:child_process'
import { createPublicKey, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { TicketKeys } from '../contracts/documents.ts'
import { sampleKey } from './sample-order.ts'
import { signTicket, verifyTicket } from './ticket-code.ts'
import { readTicketKeys } from './ticket-keys.ts'

const key = sampleKey('k2026')
const keys = publishedOf(key)
const facts = { ticketId: randomUUID(), showId: 2_147_483_647, lineNo: 10 }

t.test('a signed ticket says what it is, and is the same text whenever it is signed', async (t) => {
  const text = signTicket(key, facts)

  t.strictSame(verifyTicket(keys, text), { valid: true, kid: 'k2026', ticket: facts })
  t.equal(signTicket(key, facts), text)
  t.ok(text.length <= 400)
})

t.test('no bit of a ticket can be flipped', async (t) => {
  const [version, kid, payload, signature] = signTicket(key, facts).split('.') as [string, string, string, string]

  for (let bit = 0; bit < 22 * 8; bit++) {
    const forged = [version, kid, flipped(payload, bit), signature].join('.')
    t.strictSame(verifyTicket(keys, forged), { valid: false, reason: 'signature wrong' }, `bit ${bit} of the payload`)
  }
  for (let bit = 0; bit < 64 * 8; bit++) {
    const forged = [version, kid, payload, flipped(signature, bit)].join('.')
    t.strictSame(verifyTicket(keys, forged), { valid: false, reason: 'signature wrong' }, `bit ${bit} of the signature`)
  }
})

t.test('what is no ticket, or bears a key of nobody, is not valid, and says why', async (t) => {
  const text = signTicket(key, facts)
  const cases: Array<[text: string, reason: string]> = [
    ['', 'malformed'],
    ['TF1.k2026.AAAA.BBBB', 'malformed'],
    [`${text}=`, 'malformed'],
    [`${text}.x`, 'malformed'],
    [text.replace('TF1', 'TF2'), 'malformed'],
    [`https://example.com/${text}`, 'malformed'],
    [text.replace('k2026', 'k2025'), 'key unknown'],
    [signTicket(sampleKey('k2026'), facts), 'signature wrong']
  ]

  for (const [forged, reason] of cases) t.strictSame(verifyTicket(keys, forged), { valid: false, reason }, forged)
})

t.test('the first key signs, every key is published, and a bad file is refused without printing it', async (t) => {
  const old = sampleKey('k2025')
  const file = join(t.testdir(), 'keys.json')
  await writeFile(
    file,
    JSON.stringify({ keys: [key, old].map(({ kid, privatePem, publicPem }) => ({ kid, privateKey: privatePem, publicKey: publicPem })) })
  )

  const { signing, published } = await readTicketKeys(file)

  t.equal(signing.kid, 'k2026')
  t.match(verifyTicket(published, signTicket(old, facts)), { valid: true, kid: 'k2025' })
  await writeFile(file, JSON.stringify({ keys: [], secret: 'xyzzy' }))
  await t.rejects(readTicketKeys(file), { message: /is not a file of ticket keys$/ })
})

t.test('the command says whether a ticket is valid, and its exit code says it too', async (t) => {
  const file = join(t.testdir(), 'llaves.json')
  await writeFile(file, JSON.stringify(keys))
  const text = signTicket(key, facts)

  t.strictSame(await command('verify', text, '--keys', file, '--json'), { code: 0, out: { valid: true, kid: 'k2026', ...facts } })
  t.strictSame(await command('verify', text.replace('.k', '.x'), '--keys', file, '--json'), {
    code: 1,
    out: { valid: false, reason: 'key unknown' }
  })
  t.equal((await command('verify')).code, 2)
  t.equal((await command('verify', text, '--keys', 'http://127.106.0.1:9/llaves.json')).code, 2)
})

async function command(...args: string[]): Promise<{ code: number; out: unknown }> {
  const child = spawn(process.execPath, [new URL('ticket.ts', import.meta.url).pathname, ...args])
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  const [code] = await once(child, 'close')
  const text = Buffer.concat(chunks).toString()
  return { code, out: text === '' ? undefined : JSON.parse(text) }
}

function publishedOf({ kid, publicPem }: ReturnType<typeof sampleKey>): TicketKeys {
  const { x } = createPublicKey(publicPem).export({ format: 'jwk' })
  return { keys: [{ kid, kty: 'OKP', crv: 'Ed25519', x: x! }] }
}

function flipped(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytes.toString('base64url')
}
