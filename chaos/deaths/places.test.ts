import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CRASH_POINTS } from '../../chassis/crash-point.ts'
import { ROOT } from '../../cluster/instance.ts'
import { PLACES } from './places.ts'

const ROOMS = ['portal', 'orchestrator', 'reservation-service', 'billing-service']

t.test('every place that has a name is one place of the code', async (t) => {
  const reached = ROOMS.flatMap(sourcesOf).flatMap((text) => [...text.matchAll(/\bcrashPoint\('([a-z-]+)'\)/g)].map(([, name]) => name!))

  t.strictSame(reached.toSorted(), [...CRASH_POINTS].toSorted())
})

t.test('every place is played: those of a failover with the death of a primary, the others with purchases', async (t) => {
  const controller = readFileSync(join(ROOT, 'chaos/scenarios/postgres-controller-killed.ts'), 'utf8')

  for (const place of CRASH_POINTS) t.ok(PLACES.includes(place) || controller.includes(`'${place}'`), place)
})

function sourcesOf(room: string): string[] {
  return readdirSync(join(ROOT, room))
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^given/.test(file))
    .map((file) => readFileSync(join(ROOT, room, file), 'utf8'))
}
