import { SHOP_INSTANCE } from './instance.ts'
import { CONNECTORS, forbidden, type Kind } from './rules.ts'
import { SERVICES } from './services.ts'
import type { End, Health, Place, Server, Specs } from './spec.ts'
import { STORES } from './stores.ts'
import { wiring } from './wiring.ts'

/** Every kind of component, in the order a person would name them. */
export const KINDS: Specs<Kind> = { ...SERVICES, ...STORES }

const STOP_MS_MAX = 8_000 // a little longer than the five seconds that a process of ours gives itself

/** One thing that runs, with everything it needs to. */
export interface Component {
  name: string
  kind: Kind
  run: { file: string } | { server: Server }
  address: string
  port: number
  /** Everything it listens on, for telling who has taken a port. */
  ports: number[]
  health: Health
  /** Names of the components that must be healthy before it starts. */
  after: string[]
  stopMsMax: number
  settings: Record<string, string>
}

/** Where an instance is laid out, all but what can be read from the topology itself. */
export type Ground = Omit<Place, 'nodesOf' | 'publicUrl'>

/** The components of one instance. */
export function components(ground: Ground): Component[] {
  const place: Place = { ...ground, publicUrl: publicUrl(ground.instance), nodesOf: (kind) => endsOf(kind, ground.instance) }
  return (Object.keys(KINDS) as Kind[]).flatMap((kind) => componentsOf(kind, place))
}

/** What buyers type. The first instance has the plain name. */
export function publicUrl(instance: number): string {
  return instance === SHOP_INSTANCE ? 'http://localhost:8080' : `http://${endsOf('gateway', instance)[0]!.address}:8080`
}

function componentsOf<K extends Kind>(kind: K, place: Place): Component[] {
  const spec: Specs<K>[K] = KINDS[kind]
  const wire = wiring(kind, place)
  return endsOf(kind, place.instance).map(({ name, address, port }) => ({
    name,
    kind,
    run: spec.run,
    address,
    port,
    ports: [port, ...(spec.otherPorts ?? []).map((other) => portIn(kind, other, place.instance))].filter((each) => each > 0),
    health: typeof spec.health === 'object' && spec.health.port === spec.port ? { ...spec.health, port } : spec.health,
    after: (spec.after ?? []).flatMap((other) => Object.keys(KINDS[other].instances)),
    stopMsMax: spec.stopMsMax ?? STOP_MS_MAX,
    settings: { LISTEN_ADDRESS: address, PORT: String(port), LOG_LEVEL: 'info', ...spec.settings(wire, place, name) }
  }))
}

function endsOf(kind: Kind, instance: number): End[] {
  const { instances, port, health } = KINDS[kind]
  return Object.entries(instances).map(([name, suffix]) => ({
    name,
    address: `127.${instance}.${suffix}`,
    port: portIn(kind, port, instance),
    healthPort: typeof health === 'object' ? health.port : port
  }))
}

/**
 * Components by any name that people give them: their own, their kind's, or
 * their room's, which means every process of it.
 *
 * @throws Error naming what is not there.
 */
export function named(all: Component[], names: string[]): Component[] {
  const chosen = names.flatMap((name) => {
    const found = all.filter((component) => component.name === name || component.kind === name || roomOf(component) === name)
    if (found.length === 0)
      throw new Error(`there is no component ${name}; there are: ${all.map((component) => component.name).join(', ')}`)
    return found
  })
  return [...new Set(chosen)]
}

/** @returns One sentence for each thing that is wrong; none means that the topology can run. */
export function faultsOf(all: Component[], connectors: ReadonlyArray<{ from: string; via: string; to: string }> = CONNECTORS): string[] {
  const names = new Set(all.map(({ name }) => name))
  const taken = new Map<string, string>()
  const faults = forbidden(connectors)
  for (const { name, address, ports, after } of all) {
    for (const other of after) if (!names.has(other)) faults.push(`${name} waits for ${other}, which does not exist`)
    for (const port of ports) {
      const place = `${address}:${port}`
      if (taken.has(place)) faults.push(`${name} and ${taken.get(place)} both listen on ${place}`)
      taken.set(place, name)
    }
  }
  return [...faults, ...circlesIn(all)]
}

function portIn(kind: Kind, port: number, instance: number): number {
  return KINDS[kind].portsPerInstance?.includes(port) ? port + instance : port
}

function circlesIn(all: Component[]): string[] {
  let waiting = all
  for (;;) {
    const left = waiting.filter(({ after }) => after.some((name) => waiting.some((other) => other.name === name)))
    if (left.length === 0) return []
    if (left.length === waiting.length) return [`these wait for each other: ${left.map(({ name }) => name).join(', ')}`]
    waiting = left
  }
}

function roomOf({ run }: Component): string {
  return 'file' in run ? run.file.split('/')[0]! : run.server
}
