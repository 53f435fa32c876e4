import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { commandLine, endWith } from './arguments.ts'
import { readInstance } from './instance.ts'
import { operatorDoors, type PlanReport, type Refused } from './operator.ts'

const USAGE = 'usage: npm run import-plan -- FILE [--code CODE] [--instance N] [--json]'

/** `Teatro Grande (2027).json` is called `teatro-grande-2027`, unless `--code` says otherwise. */
export function codeOf(file: string): string {
  return basename(file)
    .replace(/\.json$/i, '')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

function taken({ planCode, name, sections, seats, ignored }: PlanReport): string {
  return [
    `${name}: ${seats} seats in ${sections} sections, under the code ${planCode}.`,
    ...(ignored.length > 0 ? ['Passed over, because this shop has no use for it:', ...ignored.map((what) => `  - ${what}`)] : [])
  ].join('\n')
}

function refused({ code, title, params }: Refused): string {
  const details = Object.entries(params).map(([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [`Not imported, and nothing changed: ${title} (${code}).`, ...details].join('\n')
}

if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const { instance, values, names } = commandLine({ code: { type: 'string' }, json: { type: 'boolean' } } as const)
  const [file] = names
  if (file === undefined || names.length > 1) throw new Error(USAGE)
  const bytes = await readFile(file)
  const { reservationUrl, operatorToken } = await readInstance(instance)
  const answer = await operatorDoors(reservationUrl, operatorToken).putPlan(values.code ?? codeOf(file), bytes)
  if (values.json) console.log(JSON.stringify('taken' in answer ? answer.taken : answer.refused))
  else console.log('taken' in answer ? taken(answer.taken) : refused(answer.refused))
  process.exitCode = 'taken' in answer ? 0 : 1
}
