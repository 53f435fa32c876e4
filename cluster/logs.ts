import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { commandLine, endWith } from './arguments.ts'
import { logPath } from './driver/logs.ts'
import { instanceDirectory } from './instance.ts'

const LINES = 200

const { instance, values, names } = commandLine({ follow: { type: 'boolean', short: 'f' } } as const)

try {
  main()
} catch (err) {
  endWith(err)
}

/** The last lines of one log or several, and what comes after them with `-f`. */
function main(): void {
  const directory = instanceDirectory(instance)
  const known = readdirSync(join(directory, 'logs'))
    .filter((file) => file.endsWith('.log'))
    .map((file) => basename(file, '.log'))
  const wanted = known.filter((name) => names.some((given) => name === given || name.startsWith(`${given}-`)))
  if (wanted.length === 0) throw new Error(`npm run logs -- NAME [-f], where NAME is one of: ${known.join(', ')}`)
  const args = ['-n', String(LINES), ...(values.follow ? ['-F'] : []), ...wanted.map((name) => logPath(directory, name))]
  const tail = spawn('tail', args, { stdio: 'inherit' })
  process.on('SIGINT', () => {}) // it has heard it too
  process.on('SIGTERM', () => tail.kill())
  tail.once('exit', (code) => process.exit(code ?? 0))
}
