/** A seat of a plan: its number, and what makes seats equal to a buyer. */
export interface PlanSeat {
  seatNo: number
  price: number | string
}

/** Seats that stand side by side, in the order they stand. */
export interface PlanRow {
  section: number | string
  seats: PlanSeat[]
}

export interface Purchase {
  orderId: string
  seatNos: number[]
}

/** An orphan that a purchase left, and the group that would have left none. */
export interface Avoidable {
  orderId: string
  seatNos: number[]
  orphans: number[]
  instead: number[]
}

export interface Replay {
  avoidable: Avoidable[]
  /** Purchases whose seats are not side by side. */
  apart: string[]
  /** Single free seats between two that were sold, at the end. */
  orphansLeft: number[]
  free: number
}

/**
 * Sells everything again, in the order it was committed, and asks of each
 * purchase that stranded a single seat whether as many seats of the same price,
 * side by side in the same section, were free and would have stranded none.
 * Slow and plain on purpose: it looks at every group there is.
 */
export function replay(rows: PlanRow[], purchases: Purchase[]): Replay {
  const taken = new Set<number>()
  const rowOf = new Map(rows.flatMap((row) => row.seats.map(({ seatNo }) => [seatNo, row] as const)))
  const avoidable: Avoidable[] = []
  const apart: string[] = []
  for (const { orderId, seatNos } of purchases) {
    const row = rowOf.get(seatNos[0]!)!
    const at = seatNos.map((seatNo) => row.seats.findIndex((seat) => seat.seatNo === seatNo)).sort((a, b) => a - b)
    if (at.some((place, i) => place < 0 || place !== at[0]! + i)) apart.push(orderId)
    const orphans = strandedBy(row, seatNos, taken)
    const instead = orphans.length > 0 ? cleanGroup(rows, row, seatNos, taken) : undefined
    if (instead) avoidable.push({ orderId, seatNos, orphans, instead })
    for (const seatNo of seatNos) taken.add(seatNo)
  }
  const orphansLeft = rows.flatMap((row) => row.seats.flatMap(({ seatNo }, i) => (isOrphan(row, i, taken) ? seatNo : [])))
  return { avoidable, apart, orphansLeft, free: rowOf.size - taken.size }
}

/** Free seats that were none before and are orphans once these are taken too. */
function strandedBy(row: PlanRow, seatNos: number[], taken: ReadonlySet<number>): number[] {
  const after = new Set([...taken, ...seatNos])
  return row.seats.flatMap(({ seatNo }, i) => (isOrphan(row, i, after) && !isOrphan(row, i, taken) ? seatNo : []))
}

/** Free, and not to be had by two: its neighbours on both sides are taken. The end of a row is nobody's seat. */
function isOrphan({ seats }: PlanRow, i: number, taken: ReadonlySet<number>): boolean {
  const [before, seat, after] = [seats[i - 1], seats[i]!, seats[i + 1]]
  return !taken.has(seat.seatNo) && before !== undefined && after !== undefined && taken.has(before.seatNo) && taken.has(after.seatNo)
}

function cleanGroup(rows: PlanRow[], { section, seats }: PlanRow, seatNos: number[], taken: ReadonlySet<number>): number[] | undefined {
  const price = seats.find(({ seatNo }) => seatNo === seatNos[0])!.price
  return rows
    .filter((row) => row.section === section)
    .flatMap((row) => groupsIn(row, seatNos.length, price, taken).filter((group) => strandedBy(row, group, taken).length === 0))
    .at(0)
}

function groupsIn({ seats }: PlanRow, quantity: number, price: PlanSeat['price'], taken: ReadonlySet<number>): number[][] {
  return seats
    .map((_, i) => seats.slice(i, i + quantity))
    .filter((group) => group.length === quantity && group.every((seat) => seat.price === price && !taken.has(seat.seatNo)))
    .map((group) => group.map(({ seatNo }) => seatNo))
}
