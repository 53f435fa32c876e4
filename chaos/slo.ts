import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { commandLine, endWith } from '../cluster/arguments.ts'
import { ROOT } from '../cluster/instance.ts'
import { keepBundle } from './slo/keep.ts'
import { openSigner, signingKeyPath } from './slo/signature.ts'
import { writeSlo } from './slo/write.ts'

/** Writes SLO.md, its figures, alerts and manifest from what is kept, and signs them; `keep DIRECTORY...` keeps series before. */
if (import.meta.main) {
  try {
    main()
  } catch (err) {
    endWith(err)
  }
}

function main(): void {
  const { values, names } = commandLine({
    'new-signer': { type: 'boolean', default: false },
    by: { type: 'string' }
  } as const)
  const [what, ...directories] = names
  if (what !== undefined && (what !== 'keep' || directories.length === 0))
    throw new Error('npm run slo [-- keep DIRECTORY...] [--new-signer] [--by NAME]')
  for (const directory of directories) console.log(`kept ${keepBundle(ROOT, resolve(ROOT, directory))}`)
  const by = values.by ?? gitName()
  const changed = writeSlo(ROOT, openSigner(signingKeyPath()), { by, at: new Date().toISOString(), newSigner: values['new-signer'] })
  console.log(changed.length === 0 ? 'Nothing has changed; the signature stands.' : `written and signed by ${by}: ${changed.join(', ')}`)
}

function gitName(): string {
  const name = execFileSync('git', ['config', 'user.name'], { cwd: ROOT, encoding: 'utf8' }).trim()
  if (name === '') throw new Error('nobody is named to sign: --by NAME')
  return name
}
