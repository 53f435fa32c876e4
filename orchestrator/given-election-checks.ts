import { isUp, openReign, reignOfNode } from './given-election-node.ts'
import type { Habits } from './given-election-product.ts'
import { entryOf, entryWords } from './given-election-wal.ts'
import { followersOf, type World } from './given-election-world.ts'

/** `rule`: something that must not be, so that no harm is done. `harm`: a sale is lost, or two reigns sell at a time. */
export interface Violation {
  is: 'rule' | 'harm'
  what: string
}

/** Everything that is wrong with one step. */
export function violations(before: World, after: World, habits: Habits): Violation[] {
  return [...promiseWentDown(before, after), ...promotedWrongly(before, after), ...acknowledgedLate(before, after)].concat(
    ...[followsWrongly(after), gatedWrongly(before, after), lostSale(after, habits)]
  )
}

function promiseWentDown(before: World, after: World): Violation[] {
  return after.nodes.flatMap(({ name, remembered: { promise } }, at) => {
    const was = before.nodes[at]!.remembered.promise
    const kept = promise.epoch > was.epoch || (promise.epoch === was.epoch && promise.id === was.id)
    return kept ? [] : [{ is: 'rule', what: `${name} takes back its promise of ${was.epoch}` }]
  })
}

function promotedWrongly(before: World, after: World): Violation[] {
  return after.nodes.flatMap((node, at): Violation[] => {
    if (node.postgres !== 'primary' || before.nodes[at]!.postgres === 'primary') return []
    const reign = reignOfNode(node)
    const prepared = preparedFor(reign, before)
    const { promise } = node.remembered
    const enough = after.spent.acceptedLosses > 0 ? 1 : 2
    const lost = [...after.told.acknowledged].filter((sale) => entryOf(sale).reign < reign && !node.wal.includes(sale))
    const twice = before.told.promoted[reign]
    return [
      ...(twice ? [{ is: 'rule', what: `${node.name} is promoted in term ${reign}, as ${twice} was` } as const] : []),
      ...(prepared < enough
        ? [{ is: 'rule', what: `${node.name} is promoted in term ${reign}, for which ${prepared} was prepared` } as const]
        : []),
      ...(promise.epoch > reign
        ? [{ is: 'rule', what: `${node.name} is promoted in term ${reign}, and promised ${promise.epoch}` } as const]
        : []),
      ...lost.map((sale) => ({ is: 'harm', what: `the new primary ${node.name} lacks the acknowledged ${saleWords(sale)}` }) as const)
    ]
  })
}

/** How many nodes had reported to an election, or have gone beyond it. */
export function preparedFor(reign: number, { nodes }: World): number {
  return nodes.filter((node) => node.reported >= reign || reignOfNode(node) > reign).length
}

/** A sale acknowledged in a reign after one of a later reign, or by another node in the same one. */
function acknowledgedLate(before: World, after: World): Violation[] {
  const known = [...before.told.acknowledged]
  const added = [...after.told.acknowledged].filter((sale) => !known.includes(sale))
  return added.flatMap((sale): Violation[] => {
    const { by, reign } = entryOf(sale)
    const later = known.map(entryOf).some((other) => other.reign > reign || (other.reign === reign && other.by !== by))
    return later ? [{ is: 'harm', what: `${saleWords(sale)} of ${by} is acknowledged beside a later reign` }] : []
  })
}

function followsWrongly(world: World): Violation[] {
  return world.nodes.flatMap((primary) => {
    if (primary.postgres !== 'primary' || !isUp(primary)) return []
    const strangers = followersOf(primary, world).filter(({ wal }) => !primary.wal.startsWith(wal))
    return strangers.map(({ name }) => ({ is: 'rule', what: `${name} follows ${primary.name}, and has what that has not` }) as const)
  })
}

function gatedWrongly(before: World, after: World): Violation[] {
  return after.nodes.flatMap((node, at): Violation[] => {
    const added = node.wal.length === before.nodes[at]!.wal.length + 1 ? entryOf(node.wal.at(-1)!) : undefined
    if (added?.is !== 'row' || added.by !== node.name || added.epoch === added.reign) return []
    return [{ is: 'rule', what: `the first commit of reign ${added.epoch} is made in reign ${added.reign}` }]
  })
}

/** A primary that a later reign has left behind shows what is old, and can commit nothing. The newest one must have everything. */
function lostSale({ nodes, told }: World, habits: Habits): Violation[] {
  const newest = Math.max(0, ...[...told.acknowledged].map((sale) => entryOf(sale).reign))
  const found = nodes.filter((node) => openReign(node, habits) > 0 && reignOfNode(node) >= newest)
  return found.flatMap(({ name, wal }) => {
    const lost = [...told.acknowledged].filter((sale) => !wal.includes(sale))
    return lost.map((sale) => ({ is: 'harm', what: `clients find ${name}, which lacks the acknowledged ${saleWords(sale)}` }) as const)
  })
}

function saleWords(sale: string): string {
  return entryWords(entryOf(sale))
}
