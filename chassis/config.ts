import type { Static, TObject } from 'typebox'
import { Value } from 'typebox/value'

/**
 * Reads the environment once, at the top of `main.ts`, or refuses to start.
 *
 * A setting has one name everywhere: the key in the schema is the variable that
 * the topology sets, so a search for it finds every use.
 *
 * @throws Error naming every bad setting. It never prints a value: values hold secrets.
 */
export function readConfig<S extends TObject>(schema: S, env: NodeJS.ProcessEnv): Readonly<Static<S>> {
  const known = Object.fromEntries(
    Object.keys(schema.properties)
      .filter((key) => env[key] !== undefined)
      .map((key) => [key, env[key]])
  )
  const config: unknown = Value.Convert(schema, Value.Default(schema, known))
  if (Value.Check(schema, config)) return Object.freeze(config) as Readonly<Static<S>>

  const bad = Object.entries(schema.properties)
    .filter(([key, property]) => !Value.Check(property, (config as Record<string, unknown>)[key]))
    .map(([key]) => key)
  throw new Error(`missing or malformed settings: ${bad.join(', ')}`)
}
