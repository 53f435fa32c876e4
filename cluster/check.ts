import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { trespasses } from './boundaries.ts'
import { ROOT } from './instance.ts'
import { withDiagram } from './mermaid.ts'
import { processFaults } from './processes.ts'

/** What a reader may rely on without reading. Each check gives its complaints; none means that it holds. */
const CHECKS: Record<string, () => Promise<string[]>> = {
  types: () => complaintsOf('tsc', '-p', '.'),
  'format and lint': () => complaintsOf('biome', 'check', '--max-diagnostics=50', '--error-on-warnings', '.'),
  'room boundaries': () => trespasses(ROOT),
  'dead code': () => complaintsOf('knip', '--no-progress', '--no-config-hints'),
  'what runs is what is there': async () => processFaults(ROOT),
  'the diagram is the topology': async () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
    return withDiagram(text) === text ? [] : ['ARCHITECTURE.md shows another topology: npm run diagram']
  }
}

let bad = 0
for (const [name, check] of Object.entries(CHECKS)) {
  const complaints = await check().catch((err: Error) => [err.message])
  console.log(`${complaints.length === 0 ? '  ok' : 'FAIL'}  ${name}`)
  for (const complaint of complaints) console.log(complaint)
  if (complaints.length > 0) bad++
}
process.exitCode = bad === 0 ? 0 : 1

/** What a program says when it does not end with 0. */
function complaintsOf(program: string, ...args: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk
      })
    }
    child.once('error', (err) => resolve([`${program}: ${err.message}`]))
    child.once('close', (code) => resolve(code === 0 ? [] : [said.trimEnd() || `${program} ended with ${code}`]))
  })
}
