import assert from 'node:assert/strict'
import { CONNECTORS, type Kind, type Via } from './rules.ts'
import type { Detail, End, Place, Wire } from './spec.ts'

/** Makes the {@link Wire} of one kind of component. */
export function wiring<K extends Kind>(from: K, { secrets, nodesOf }: Place): Wire<K> {
  const writers: Record<Via, (to: Kind, detail: string) => string> = {
    http: (to, instance) => {
      const ends = nodesOf(to).filter(({ name }) => !instance || name === instance)
      if (to === 'postgres') return ends.map(({ name, address, healthPort }) => `${name}=http://${address}:${healthPort}`).join()
      return ends.map(({ address, port }) => `http://${address}:${port}`).join()
    },
    amqp: (to) => `amqp://ticketflow:${secrets.broker}@${hosts(to)}`,
    smtp: (to) => `smtp://${nodesOf(to)[0]!.address}:2525`,
    'postgres-read': postgres,
    'postgres-write': postgres,
    'mariadb-read': (_to, node) => mariadb('reader', nodesOf('mariadb').find(({ name }) => name === node)!),
    'mariadb-write': (_to, role) => mariadb(role as 'writer' | 'owner', ...nodesOf('mariadb'))
  }
  return (via, to, ...detail) => {
    const declared = CONNECTORS.some((connector) => connector.from === from && connector.via === via && connector.to === to)
    assert(declared, `there is no connector from ${from} to ${to} by ${via}`)
    return writers[via](to, (detail as Detail[Via])[0] ?? '')
  }

  function postgres(to: Kind, role: string): string {
    return `postgres://${role}:${secrets.postgres[role as Detail['postgres-write'][0]]}@${hosts(to)}/ticketflow`
  }

  function mariadb(role: 'owner' | 'writer' | 'reader', ...ends: End[]): string {
    const at = ends.map(({ address, port }) => `${address}:${port}`).join()
    return `mysql://${role}:${secrets.mariadb[role]}@${at}/billing`
  }

  function hosts(to: Kind): string {
    return nodesOf(to)
      .map(({ address, port }) => `${address}:${port}`)
      .join()
  }
}
