import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Detector } from './mutant.ts'
import { type Verdict, verdictOf } from './verdict.ts'

const DETECTOR_MS_MAX = 20 * 60_000
/** Of one file of tests that is run by itself. */
const FILE_SECONDS_MAX = 600
/** How a file of tests that is run by itself is told to behave: the first failure is the verdict, and what follows would take its time. */
const BY_ITSELF = { TAP: '1', TAP_BAIL: '1', TAP_TIMEOUT: String(FILE_SECONDS_MAX) }
/** Longer than a shop takes to end. */
const END_MS_MAX = 60_000
const WHOLE_OUTPUT = join('artifacts', 'tests.tap')
const ISOLATING = '/usr/bin/unshare'
/** Tests name their addresses. In a network of their own they meet nobody, and nobody's tests wait for theirs. */
const OWN_NETWORK = [ISOLATING, '--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'] as const

let underway: ChildProcess | undefined

/** Runs a detector in a copy of the sources. @param instance - Where a fault is done to a whole shop. */
export async function detect(folder: string, detector: Detector, seed: number, instance: number): Promise<Verdict> {
  mkdirSync(join(folder, 'artifacts'), { recursive: true })
  const log = createWriteStream(join(folder, 'artifacts', 'detector.log'))
  const [program, ...words] = commandOf(folder, detector, seed, instance)
  const env = { ...process.env, ...('needs' in detector && detector.needs === 'nothing' && BY_ITSELF) }
  const child = spawn(program!, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  underway = child
  const lines: string[] = []
  const late = setTimeout(() => end(child), DETECTOR_MS_MAX)
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  child.stderr.on('data', (text) => log.write(text))
  for await (const line of createInterface({ input: child.stdout })) {
    log.write(`${line}\n`)
    lines.push(line)
  }
  const code = await ended.finally(() => clearTimeout(late))
  underway = undefined
  log.end()
  return verdictOf(detector, code, isRunWithShop(detector) ? linesOf(join(folder, WHOLE_OUTPUT)) : lines)
}

/** Then the runner of the tests prints for people, and keeps the whole output. */
function isRunWithShop(detector: Detector): boolean {
  return 'needs' in detector && detector.needs === 'a shop'
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

/** Whoever is interrupted ends what runs first: a shop has rules and groups that outlive a process. */
export async function endDetector(): Promise<void> {
  const child = underway
  if (!child) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  end(child)
  await gone
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), END_MS_MAX).unref()
}

function commandOf(folder: string, detector: Detector, seed: number, instance: number): string[] {
  const node = (file: string, ...words: string[]) => [process.execPath, join(folder, file), ...words]
  if ('scenario' in detector) {
    const { scenario, runs } = detector
    return node('chaos/chaos.ts', scenario, '--json', ...['--seed', `${seed}`, '--runs', `${runs}`, '--instance', `${instance}`])
  }
  const tests = detector.needs === 'nothing' ? node(detector.test) : node('cluster/test.ts', detector.test)
  return process.getuid?.() === 0 && existsSync(ISOLATING) ? [...OWN_NETWORK, ...tests] : tests
}
