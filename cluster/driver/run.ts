import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadDemo } from '../demo.ts'
import { describe } from '../describe.ts'
import { doorPath, type Instance, instanceDirectory } from '../instance.ts'
import { writePrivately } from '../secrets.ts'
import { components, faultsOf } from '../topology.ts'
import { type Answer, holdAlone, openDoor, type Request } from './door.ts'
import { makeHome, prepareGround } from './ground.ts'
import { COMPILED, type Footing, gatewayAddresses } from './launch.ts'
import { clearNetwork, giveAddresses } from './network.ts'
import { takenPorts } from './ports.ts'
import { type Supervisor, supervise } from './supervisor.ts'
import { endAll } from './sweep.ts'

export interface Options {
  /** Loads the demo catalogue once everything runs. */
  demo: boolean
  /** Begins anew: everything that the instance has kept goes first. */
  empty: boolean
  /** `shaky`: faults will be done to it. Every component then speaks from its own address, and can be cut off from another. */
  footing?: Footing
}

export interface Running {
  instance: Instance
  /** Starts everything and loads the demo catalogue; resolves when buyers can buy. */
  start: () => Promise<void>
  /** Stops everything. Safe to call at any time, any number of times. */
  end: () => Promise<void>
  /** Resolves when it has ended, whoever asked for it. */
  ended: Promise<void>
}

/**
 * Opens an instance in this process: nothing runs yet, and its door already takes commands.
 *
 * @throws Error in words for a person, when it cannot run here.
 */
export async function openInstance(
  number: number,
  { demo, empty, footing = 'firm' }: Options,
  say: (text: string) => void
): Promise<Running> {
  makeHome()
  const directory = instanceDirectory(number)
  const hold = await holdAlone(number)
  if (!hold) throw new Error(`instance ${number} is being run by another process, perhaps from another checkout`)
  const left = await endAll(directory)
  if (left > 0) say(`ended ${left} processes that an earlier run left behind`)
  if (empty) forget(directory)
  const ground = await prepareGround(directory, number)
  const all = components(ground)
  assert.deepEqual(faultsOf(all), [])
  const gateway = all.find(({ kind }) => kind === 'gateway')!
  const doors = gatewayAddresses(number, gateway.address).map((address) => ({ name: gateway.name, address, port: gateway.port }))
  const taken = await takenPorts(all, doors.slice(1))
  if (taken.length > 0) throw new Error(taken.join('\n'))

  const instance = describe(ground, all)
  await writePrivately(join(ground.directory, 'instance.json'), instance)
  await clearNetwork(number)
  if (footing === 'shaky') await giveAddresses(number, all)
  const supervisor = await supervise(all, ground, footing)
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  let ending: Promise<void> | undefined
  const end = () => {
    ending ??= supervisor.end().then(async () => {
      await clearNetwork(number)
      server.close(() => resolve()) // once everybody who asked has been answered
      rmSync(doorPath(number), { force: true })
      hold.close()
    })
    return ending
  }
  const server = await openDoor(doorPath(number), (request, say) => serve(supervisor, end, request, say))
  return { instance, start, end, ended }

  async function start(): Promise<void> {
    await supervisor.start([], say)
    if (!demo) return
    const { reservationUrl, operatorToken, url: portalUrl } = instance
    await loadDemo({ reservationUrl, operatorToken, portalUrl }, say)
  }
}

/** What Node compiled stays: it follows from the code and not from the data. */
function forget(directory: string): void {
  if (!existsSync(directory)) return
  for (const entry of readdirSync(directory).filter((name) => name !== COMPILED)) rmSync(join(directory, entry), { recursive: true })
}

async function serve(supervisor: Supervisor, end: () => Promise<void>, request: Request, say: (text: string) => void): Promise<Answer> {
  if (request.ask === 'start') await supervisor.start(request.names, say)
  if (request.ask === 'stop') await supervisor.stop(request.names)
  if (request.ask === 'end') await end()
  return { pid: process.pid, statuses: supervisor.statuses() }
}
