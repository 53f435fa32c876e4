import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EVIDENCE } from '../evidence.ts'
import { alertsFile } from './alerts.ts'
import { readBundles } from './bundles.ts'
import { readObjectives } from './definitions.ts'
import { figuresOf } from './figures-file.ts'
import { EVIDENCE_FOLDER, FOLDER, MANIFEST, manifestOf, PAGE, SIGNATURE, sha256 } from './manifest.ts'
import { sloPage } from './page.ts'
import { isSignedBy, type Signed, type Signer } from './signature.ts'

const SIGNED = `${FOLDER}/signed.json`
const SIGNER = `${FOLDER}/signer.pem`

/**
 * Everything that follows from the definitions and the evidence below `root`.
 *
 * @returns What each file should say, by path; always the same for the same evidence and the same signature.
 */
export function generatedFiles(root: string, signed: Signed, publicPem: string): Map<string, string> {
  const objectives = readObjectives(join(root, FOLDER))
  const bundles = readBundles(join(root, EVIDENCE_FOLDER))
  const figures = figuresOf(objectives, bundles)
  const sha256Of = (name: string) => sha256(readFileSync(join(root, EVIDENCE_FOLDER, name, `${EVIDENCE.history}.gz`)))
  const files = new Map([
    [PAGE, sloPage({ objectives, bundles, figures, sha256Of, signed })],
    [`${FOLDER}/figures.json`, json(figures)],
    [`${FOLDER}/alerts.yaml`, alertsFile(objectives)],
    [SIGNED, json(signed)],
    [SIGNER, publicPem]
  ])
  return files.set(MANIFEST, manifestOf(root, files))
}

/** What is there of all that. */
export function writtenBefore(root: string): { signed: Signed; publicPem: string } | undefined {
  if (!existsSync(join(root, SIGNED)) || !existsSync(join(root, SIGNER))) return undefined
  return { signed: JSON.parse(readFileSync(join(root, SIGNED), 'utf8')) as Signed, publicPem: readFileSync(join(root, SIGNER), 'utf8') }
}

/** Files that do not say what they should. */
export function differingFiles(root: string, files: ReadonlyMap<string, string>): string[] {
  return [...files]
    .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(([path]) => path)
}

/**
 * Writes what follows from the evidence and signs it. A signature that still
 * stands for all of it is left as it is, with its date.
 *
 * @throws Error when somebody else signed before, unless `newSigner`.
 */
export function writeSlo(root: string, signer: Signer, { by, at, newSigner }: { by: string; at: string; newSigner: boolean }): string[] {
  const before = writtenBefore(root)
  if (before && before.publicPem !== signer.publicPem && !newSigner)
    throw new Error(`${SIGNER} is the key of somebody else (${before.signed.by}): sign with theirs, or say --new-signer`)
  if (before?.publicPem === signer.publicPem) {
    const same = generatedFiles(root, before.signed, signer.publicPem)
    if (differingFiles(root, same).length === 0 && isSigned(root, same.get(MANIFEST)!, signer.publicPem)) return []
  }
  const files = generatedFiles(root, { by, at, fingerprint: signer.fingerprint }, signer.publicPem)
  const changed = differingFiles(root, files)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  writeFileSync(join(root, SIGNATURE), signer.sign(files.get(MANIFEST)!))
  return changed
}

export function isSigned(root: string, manifest: string, publicPem: string): boolean {
  return existsSync(join(root, SIGNATURE)) && isSignedBy(publicPem, manifest, readFileSync(join(root, SIGNATURE)))
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
