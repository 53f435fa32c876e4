import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { HOME, ROOT } from '../../cluster/instance.ts'
import type { Edit } from './mutant.ts'

const run = promisify(execFile)
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024
/** What an earlier run has left in a copy may still be worked on, and is cleared by whoever opens it next. */
const KEPT = ['.cluster', 'artifacts', '.tap']

/**
 * Makes a copy of the sources as they lie here, with some places changed. The
 * packages are the same, and everything that runs from there is its own.
 *
 * @returns Where it is.
 * @throws Error when a place to be changed is not there exactly once.
 */
export async function copySources(name: string, edits: Edit[]): Promise<string> {
  const folder = copyOf(name)
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync(folder)) if (!KEPT.includes(entry)) rmSync(join(folder, entry), { recursive: true })
  for (const file of await sources()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(ROOT, file), join(folder, file))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of edited(folder, edits)) writeFileSync(join(folder, file), text)
  return folder
}

export function copyOf(name: string): string {
  return join(HOME, 'mutants', name)
}

/** Changed files with their text. @throws Error when a place to be changed is not there exactly once. */
export function edited(folder: string, edits: Edit[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { file, find, put } of edits) {
    const before = texts.get(file) ?? readFileSync(join(folder, file), 'utf8')
    const times = before.split(find).length - 1
    if (times !== 1) throw new Error(`${file} has ${times} times, not once: ${find}`)
    texts.set(
      file,
      before.replace(find, () => put)
    )
  }
  return texts
}

/** Everything that is not ignored; what was deleted and not committed yet is listed and not there. */
async function sources(): Promise<string[]> {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', words, { cwd: ROOT, maxBuffer: OUTPUT_BYTES_MAX })
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)))
}

/** Which sources these are: the last commit, and how many files differ from it. */
export async function sourceState(): Promise<{ commit: string; uncommitted: number }> {
  const [head, changes] = await Promise.all([
    run('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: ROOT }),
    run('git', ['status', '--porcelain'], { cwd: ROOT })
  ])
  return { commit: head.stdout.trim(), uncommitted: changes.stdout.split('\n').filter(Boolean).length }
}
