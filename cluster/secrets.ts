import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const SECRET_BYTES = 24

/** Everything an instance keeps from others. Made once; an instance's data cannot be opened without them. */
export interface Secrets {
  postgres: Record<'superuser' | 'replicator' | 'owner' | 'control' | 'selling' | 'purchase' | 'relay' | 'catalogue', string>
  mariadb: Record<'root' | 'owner' | 'replicator' | 'writer' | 'reader', string>
  broker: string
  erlangCookie: string
  operatorToken: string
  tokens: Record<'portalToOrchestrator' | 'orchestratorToReservation' | 'orchestratorToBilling' | 'orchestratorToRelay' | 'agent', string>
  cookieSecret: string
  linkSecret: string
  bank: { commerceCode: string; apiKey: string }
}

/**
 * The instance's secrets, made at its first start. One that a newer version
 * needs is added; the others stay what they are.
 *
 * @throws Error when there is data and its secrets are gone.
 */
export async function ensureSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, 'secrets.json')
  if (!existsSync(path) && existsSync(join(directory, 'data'))) {
    throw new Error(`${directory} holds data, but its secrets.json is gone: put it back, or remove the whole directory to begin anew`)
  }
  const known = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as object) : {}
  const secrets = merged(freshSecrets(), known)
  await writePrivately(path, secrets)
  await writePrivately(join(directory, 'postgres-passwords.json'), secrets.postgres)
  await writePrivately(join(directory, 'mariadb-passwords.json'), secrets.mariadb)
  await ensureTicketKeys(join(directory, 'ticket-keys.json'))
  return secrets
}

function freshSecrets(): Secrets {
  return {
    postgres: each('superuser', 'replicator', 'owner', 'control', 'selling', 'purchase', 'relay', 'catalogue'),
    mariadb: each('root', 'owner', 'replicator', 'writer', 'reader'),
    broker: secret(),
    erlangCookie: secret(),
    operatorToken: secret(),
    tokens: each('portalToOrchestrator', 'orchestratorToReservation', 'orchestratorToBilling', 'orchestratorToRelay', 'agent'),
    cookieSecret: secret(),
    linkSecret: secret(),
    bank: { commerceCode: '597055555532', apiKey: secret() }
  }
}

/** The newest key signs; a key stays in the file for as long as tickets that it signed are valid. */
async function ensureTicketKeys(path: string): Promise<void> {
  if (existsSync(path)) return
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' }
  })
  await writePrivately(path, { keys: [{ kid: randomBytes(4).toString('hex'), privateKey, publicKey }] })
}

/** Whole or not at all: a file half written would lock its owner out. */
export async function writePrivately(path: string, content: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

function merged<T extends object>(fresh: T, known: object): T {
  const entries = Object.entries(fresh).map(([key, value]) => {
    const kept = (known as Record<string, unknown>)[key]
    if (kept === undefined) return [key, value]
    return [key, typeof value === 'object' ? merged(value as object, kept as object) : kept]
  })
  return { ...known, ...(Object.fromEntries(entries) as T) }
}

function each<Name extends string>(...names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, secret()])) as Record<Name, string>
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}
