import { execFile } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TicketKeys } from '../../contracts/documents.ts'

const run = promisify(execFile)
const DOTS_PER_INCH = 150

/** What a printed ticket says to a scanner: every QR of a PDF, read from its picture. */
export async function qrsOf(pdf: Buffer): Promise<string[]> {
  return onPaper(pdf, async (directory) => {
    const pictures = (await readdir(directory)).filter((name) => name.endsWith('.png')).sort()
    const texts = await Promise.all(pictures.map((name) => run('zbarimg', ['--raw', '--quiet', join(directory, name)])))
    return texts.flatMap(({ stdout }) => stdout.trim().split('\n'))
  })
}

async function onPaper<T>(pdf: Buffer, look: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'paper-'))
  try {
    await writeFile(join(directory, 'paper.pdf'), pdf)
    await run('pdftoppm', ['-png', '-r', String(DOTS_PER_INCH), join(directory, 'paper.pdf'), join(directory, 'page')])
    return await look(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Checks a ticket as a gate does, with nothing but the published keys: written apart from the code that signs. */
export function isGenuine(text: string, { keys }: TicketKeys): boolean {
  const [version, kid, payload, signature] = text.split('.')
  const key = keys.find((candidate) => candidate.kid === kid)
  if (version !== 'TF1' || !key || !signature) return false
  const { kty, crv, x } = key
  return verify(
    null,
    Buffer.from(`${version}.${kid}.${payload}`),
    createPublicKey({ key: { kty, crv, x }, format: 'jwk' }),
    Buffer.from(signature, 'base64url')
  )
}
