import type { Scene } from './scenario.ts'

/** What can happen to a shop at any moment. Each ends by itself or is ended, and everything that is killed comes back. */
export interface Accident {
  what: string
  happen: (scene: Scene) => Promise<void>
}

const FROZEN_MS = 5_000
const CUT_MS = 5_000
const AWAY_MS = 4_000

const KILLED = ['failover', 'relay', 'rabbitmq', 'maria1', 'maria2', 'deliver']
const KILLED_ONE_OF: Array<[string, string]> = [
  ['reservation-1', 'reservation-2'],
  ['orchestrator-1', 'orchestrator-2'],
  ['portal-1', 'portal-2'],
  ['issue-1', 'issue-2'],
  ['billing-primary', 'billing-replica']
]

export const ACCIDENTS: Accident[] = [
  ...KILLED.map((name): Accident => ({ what: `${name} dies`, happen: (scene) => scene.kill(name) })),
  ...KILLED_ONE_OF.map(
    (pair): Accident => ({
      what: `one of ${pair.join(' and ')} dies`,
      happen: (scene) => scene.kill(pair[Math.floor(scene.random() * pair.length)]!)
    })
  ),
  { what: 'the PostgreSQL primary dies', happen: async (scene) => scene.kill(await leaderNow(scene)) },
  {
    what: 'every process of the PostgreSQL primary dies, and its agent does not',
    happen: async (scene) => scene.killPostgres(await leaderNow(scene))
  },
  { what: 'a PostgreSQL standby dies', happen: async (scene) => scene.kill(standbyOf(scene, await leaderNow(scene))) },
  {
    what: 'the PostgreSQL primary stands still for five seconds',
    happen: async (scene) => {
      const node = await leaderNow(scene)
      await scene.freeze(node)
      await scene.wait(FROZEN_MS)
      scene.thaw(node)
    }
  },
  {
    what: 'the PostgreSQL primary is cut off for five seconds',
    happen: async (scene) => {
      const node = await leaderNow(scene)
      const others = ['pg1', 'pg2', 'pg3', 'failover'].filter((name) => name !== node)
      await scene.cut([node], others)
      await scene.cut(others, [node])
      await scene.wait(CUT_MS)
      await scene.rejoin()
    }
  },
  {
    what: 'the broker stays away for four seconds',
    happen: async (scene) => {
      await scene.end('rabbitmq')
      await scene.wait(AWAY_MS)
      await scene.start('rabbitmq')
    }
  },
  {
    what: 'the mail server stays away for four seconds',
    happen: async (scene) => {
      await scene.stop('mail')
      await scene.wait(AWAY_MS)
      await scene.start('mail')
    }
  }
]

/** By the last view there was: it may be no longer true, as accidents do not wait for a good moment. */
async function leaderNow(scene: Scene): Promise<string> {
  const { leader } = await scene.eventually('somebody who reigns', 30_000, async () => {
    const view = await scene.view()
    return view.leader ? { leader: view.leader } : undefined
  })
  return leader
}

function standbyOf({ random }: Scene, leader: string): string {
  const others = ['pg1', 'pg2', 'pg3'].filter((name) => name !== leader)
  return others[Math.floor(random() * others.length)]!
}
