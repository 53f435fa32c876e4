import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const OWNER_ONLY = 0o600
const OWNER_ONLY_DIRECTORY = 0o700
const OTHERS = 0o077

/** Who stands for a page, and since when. */
export interface Signed {
  by: string
  at: string
  /** Of the public key as it stands in its file. */
  fingerprint: string
}

export interface Signer {
  publicPem: string
  fingerprint: string
  sign: (text: string) => Buffer
}

/** Where the private key is: never in the repository. */
export function signingKeyPath(env: NodeJS.ProcessEnv = process.env): string {
  return env.SLO_SIGNING_KEY ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'ticketflow', 'slo-signing-key.pem')
}

/**
 * The key in this file, made when there is none.
 *
 * @throws Error when others may read it.
 */
export function openSigner(path: string): Signer {
  if (!existsSync(path)) makeKey(path)
  if ((statSync(path).mode & OTHERS) !== 0) throw new Error(`others may read ${path}: chmod 600`)
  const key = createPrivateKey(readFileSync(path, 'utf8'))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} is no Ed25519 key`)
  const publicPem = pemOf(createPublicKey(key))
  return { publicPem, fingerprint: fingerprintOf(publicPem), sign: (text) => sign(null, Buffer.from(text), key) }
}

export function isSignedBy(publicPem: string, text: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(text), createPublicKey(publicPem), signature)
}

export function fingerprintOf(publicPem: string): string {
  return createHash('sha256').update(publicPem).digest('hex')
}

function makeKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_DIRECTORY })
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: OWNER_ONLY, flag: 'wx' })
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}
