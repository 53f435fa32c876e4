import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { TicketKeys } from '../contracts/documents.ts'

const KeysFile = Type.Object({
  keys: Type.Array(
    Type.Object({ kid: Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}$' }), privateKey: Type.String(), publicKey: Type.String() }),
    { minItems: 1 }
  )
})

export interface SigningKey {
  kid: string
  privateKey: KeyObject
}

/**
 * The keys that tickets are signed with. The first one signs; every one is
 * published, so that tickets of an earlier key stay valid at the gate.
 *
 * @throws Error when the file is not what the cluster writes. It never prints what it read.
 */
export async function readTicketKeys(file: string): Promise<{ signing: SigningKey; published: TicketKeys }> {
  const content: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!Value.Check(KeysFile, content)) throw new Error(`${file} is not a file of ticket keys`)
  const [{ kid, privateKey }] = content.keys as [(typeof content.keys)[0]]
  const published = content.keys.map((key) => {
    const { x } = createPublicKey(key.publicKey).export({ format: 'jwk' })
    return { kid: key.kid, kty: 'OKP' as const, crv: 'Ed25519' as const, x: x as string }
  })
  return { signing: { kid, privateKey: createPrivateKey(privateKey) }, published: { keys: published } }
}
