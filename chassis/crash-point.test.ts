import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const HERE = JSON.stringify(new URL('crash-point.ts', import.meta.url).href)

t.test('a process dies at the place that is listed, at once, and once for each line', async (t) => {
  const file = join(t.testdir(), 'crashes')
  writeFileSync(file, 'relay-marked\nrelay-claimed\nrelay-claimed\n')

  t.strictSame(await runPast('relay-claimed', file), { signal: 'SIGKILL', passed: false })
  t.strictSame(readFileSync(file, 'utf8'), 'relay-marked\nrelay-claimed\n')
  t.strictSame(await runPast('relay-claimed', file), { signal: 'SIGKILL', passed: false })
  t.strictSame(await runPast('relay-claimed', file), { signal: null, passed: true })
  t.strictSame(readFileSync(file, 'utf8'), 'relay-marked\n', 'the others stay')
})

t.test('of four processes at one place as many die as there are lines', async (t) => {
  const file = join(t.testdir(), 'crashes')
  writeFileSync(file, 'relay-claimed\n')

  const ends = await Promise.all(Array.from({ length: 4 }, () => runPast('relay-claimed', file)))

  t.equal(ends.filter(({ signal }) => signal === 'SIGKILL').length, 1)
  t.equal(ends.filter(({ passed }) => passed).length, 3)
})

t.test('nobody dies when nothing is listed', async (t) => {
  t.strictSame(await runPast('relay-claimed'), { signal: null, passed: true })
  t.strictSame(await runPast('relay-claimed', join(t.testdir(), 'missing')), { signal: null, passed: true })
})

/** A process that goes past a place and says so. */
async function runPast(name: string, file?: string): Promise<{ signal: string | null; passed: boolean }> {
  const { CRASH_POINTS_FILE: _, ...env } = process.env
  const script = `import { crashPoint } from ${HERE}; crashPoint('${name}'); console.log('passed')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...env, ...(file && { CRASH_POINTS_FILE: file }) },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  const [, signal] = await once(child, 'close')
  return { signal, passed: said.includes('passed') }
}
