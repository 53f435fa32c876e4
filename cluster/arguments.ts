import assert from 'node:assert/strict'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { INSTANCE_MAX, SHOP_INSTANCE } from './instance.ts'

/**
 * The command line of a command: `--instance N`, its own options, and names.
 *
 * @throws Error naming what it does not know.
 */
export function commandLine<O extends ParseArgsOptionsConfig>(own: O) {
  const { values, positionals: names } = parseArgs({ options: { instance: { type: 'string' }, ...own }, allowPositionals: true })
  const instance = Number((values as { instance?: string }).instance ?? SHOP_INSTANCE)
  assert(Number.isInteger(instance) && instance >= 1 && instance <= INSTANCE_MAX, `--instance takes a number from 1 to ${INSTANCE_MAX}`)
  return { instance, values, names }
}

/** What went wrong, for a person; where in the code it went wrong, for nobody. */
export function endWith(err: unknown): never {
  console.error((err as Error).message)
  process.exit(1)
}
