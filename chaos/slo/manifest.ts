import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const FOLDER = 'docs/slo'
export const EVIDENCE_FOLDER = `${FOLDER}/evidence`
export const MANIFEST = `${EVIDENCE_FOLDER}/SHA256SUMS`
export const SIGNATURE = `${MANIFEST}.sig`
export const PAGE = 'SLO.md'

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Every file that the signature stands for, as `sha256sum -c` reads it.
 *
 * @param written - What is about to be written, by path: it counts instead of what lies there.
 */
export function manifestOf(root: string, written: ReadonlyMap<string, string>): string {
  const paths = new Set([...filesIn(root), ...written.keys()])
  return [...paths]
    .filter((path) => path !== MANIFEST && path !== SIGNATURE)
    .toSorted()
    .map((path) => `${sha256(written.get(path) ?? readFileSync(join(root, path)))}  ${path}\n`)
    .join('')
}

function filesIn(root: string): string[] {
  const folder = join(root, FOLDER)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length).replace(/^\//, ''))
}
