import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { readInstance, SHOP_INSTANCE } from './instance.ts'
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

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      code: { type: 'string' },
      instance: { type: 'string', default: String(SHOP_INSTANCE) },
      json: { type: 'boolean', default: false }
    }
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) {
    console.error(USAGE)
    process.exit(2)
  }
  try {
    const { reservationUrl, operatorToken } = await readInstance(Number(values.instance))
    const answer = await operatorDoors(reservationUrl, operatorToken).putPlan(values.code ?? codeOf(file), await readFile(file))
    if (values.json) console.log(JSON.stringify('taken' in answer ? answer.taken : answer.refused))
    else if ('taken' in answer) console.log(taken(answer.taken))
    else console.error(refused(answer.refused))
    process.exit('taken' in answer ? 0 : 1)
  } catch (err) {
    console.error(`import-plan: ${(err as Error).message}`)
    process.exit(1)
  }
}
