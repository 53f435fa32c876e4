import type { World } from './given-election-world.ts'

const FIRST_CAPACITY = 1 << 16
const WIDTH = 8
const COLUMNS = WIDTH + 1

/** Every world that was reached, each once and exactly, in the order in which they were. */
export interface Store {
  /** @returns Its number, and whether it is new. */
  add: (world: World, parent: number) => { at: number; isNew: boolean }
  world: (at: number) => World
  parentOf: (at: number) => number
  size: () => number
}

/** Worlds have most of their parts in common: a part is kept once, a world is a row of numbers. */
export function openStore(): Store {
  const nodes = openParts<World['nodes'][number]>(JSON.stringify)
  const memories = openParts<World['memories'][number]>(JSON.stringify)
  const orders = openParts<World['orders']>(JSON.stringify)
  const told = openParts<World['told']>(JSON.stringify)
  const spent = openParts<World['spent']>(JSON.stringify)
  let capacity = FIRST_CAPACITY
  let rows = new Int32Array(capacity * COLUMNS)
  let slots = new Int32Array(capacity * 2).fill(-1)
  let size = 0
  const row = new Int32Array(COLUMNS)

  return { add, world, parentOf: (at) => rows[at * COLUMNS + WIDTH]!, size: () => size }

  function add(world: World, parent: number): { at: number; isNew: boolean } {
    world.nodes.forEach((node, at) => {
      row[at] = nodes.numberOf(node)
    })
    row[3] = memories.numberOf(world.memories[0]!)
    row[4] = world.memories[1] ? memories.numberOf(world.memories[1]) : -1
    row[5] = orders.numberOf(world.orders)
    row[6] = told.numberOf(world.told)
    row[7] = spent.numberOf(world.spent)
    row[WIDTH] = parent
    let slot = slotOf(row, 0)
    for (; slots[slot] !== -1; slot = (slot + 1) & (slots.length - 1)) if (isSame(slots[slot]!)) return { at: slots[slot]!, isNew: false }
    if (size === capacity) {
      grow()
      slot = slotOf(row, 0)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
    }
    rows.set(row, size * COLUMNS)
    slots[slot] = size
    return { at: size++, isNew: true }
  }

  function isSame(at: number): boolean {
    for (let column = 0; column < WIDTH; column++) if (rows[at * COLUMNS + column] !== row[column]) return false
    return true
  }

  function slotOf(from: Int32Array, offset: number): number {
    let hash = 0
    for (let column = 0; column < WIDTH; column++) hash = Math.imul(hash ^ from[offset + column]!, 0x9e3779b1) ^ (hash >>> 15)
    return (hash ^ (hash >>> 13)) & (slots.length - 1)
  }

  function grow(): void {
    capacity *= 2
    const larger = new Int32Array(capacity * COLUMNS)
    larger.set(rows)
    rows = larger
    slots = new Int32Array(capacity * 2).fill(-1)
    for (let at = 0; at < size; at++) {
      let slot = slotOf(rows, at * COLUMNS)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = at
    }
  }

  function world(at: number): World {
    const part = (column: number) => rows[at * COLUMNS + column]!
    return {
      nodes: [nodes.at(part(0)), nodes.at(part(1)), nodes.at(part(2))],
      memories: part(4) < 0 ? [memories.at(part(3))] : [memories.at(part(3)), memories.at(part(4))],
      orders: orders.at(part(5)),
      told: told.at(part(6)),
      spent: spent.at(part(7))
    }
  }
}

/** @param keyOf - The same text for parts that are alike, and for no others. */
function openParts<T extends object>(keyOf: (part: T) => string): { numberOf: (part: T) => number; at: (number: number) => T } {
  const list: T[] = []
  const byKey = new Map<string, number>()
  const known = new WeakMap<T, number>()
  return {
    numberOf(part) {
      const before = known.get(part)
      if (before !== undefined) return before
      const key = keyOf(part)
      let number = byKey.get(key)
      if (number === undefined) {
        number = list.push(part) - 1
        byKey.set(key, number)
      }
      known.set(part, number)
      return number
    },
    at: (number) => list[number]!
  }
}
