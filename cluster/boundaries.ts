import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DOORS } from './doors.ts'
import { ROOT } from './instance.ts'

interface Cruise {
  modules: Array<{ source: string; coreModule?: boolean; couldNotResolve?: boolean }>
  summary: { violations: Array<{ from: string; to: string; rule: { name: string } }> }
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

/**
 * Where rooms enter rooms they may not, below `folder`.
 *
 * @returns One sentence per forbidden import.
 * @throws Error when the tool did not see every TypeScript file that is there:
 *   one that sees none finds nothing wrong, and says so with exit code 0.
 */
export async function trespasses(folder: string): Promise<string[]> {
  const rooms = Object.keys(DOORS).filter((room) => existsSync(join(folder, room)))
  const { modules, summary } = await cruise(folder, rooms)
  const seen = new Set(modules.map(({ source }) => source))
  const unseen = sourcesIn(folder, rooms).filter((file) => !seen.has(file))
  if (seen.size === 0 || unseen.length > 0)
    throw new Error(`the boundary check does not see ${unseen.length} files, ${unseen[0]} among them`)
  return summary.violations.map(({ from, to, rule }) => `${from} enters ${to} (${rule.name})`)
}

/** Every TypeScript file of the rooms. */
export function sourcesIn(folder: string, rooms = Object.keys(DOORS)): string[] {
  return rooms
    .filter((room) => existsSync(join(folder, room)))
    .flatMap((room) => readdirSync(join(folder, room), { recursive: true }).map((file) => `${room}/${file}`))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('portal/public/'))
}

function cruise(folder: string, rooms: string[]): Promise<Cruise> {
  const config = join(ROOT, '.dependency-cruiser.mjs')
  const program = join(ROOT, 'node_modules', '.bin', 'depcruise')
  return new Promise((resolve, reject) => {
    // its exit code counts violations, so only its answer says whether it worked
    execFile(
      program,
      ['--config', config, '--output-type', 'json', ...rooms],
      { cwd: folder, maxBuffer: OUTPUT_BYTES_MAX },
      (_err, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout) as Cruise)
        } catch {
          reject(new Error(`dependency-cruiser gave no answer: ${stderr}`))
        }
      }
    )
  })
}
