import type { Want } from './best-available.ts'
import type { IsTaken, Point, SeatRow } from './seating.ts'

/** For tests: the rules of seating once more, slow and obvious. A row is written as a word, `x` for what cannot be had, `.` for a free seat that is no standard one. */

/** A free standard seat between two that cannot be had. */
export const ORPHAN = /(?<=x)[ab](?=x)/g

type Rows = SeatRow[][]

function word(row: SeatRow[], isTaken: IsTaken): string {
  return row.map(({ seat_no, kind, category }) => (isTaken(seat_no) ? 'x' : kind === 'standard' ? category : '.')).join('')
}

function orphans(row: SeatRow[], isTaken: IsTaken, pattern: RegExp): number[] {
  return [...word(row, isTaken).matchAll(pattern)].map(({ index }) => row[index]!.seat_no)
}

const also = (isTaken: IsTaken, seatNos: number[]): IsTaken => {
  const more = new Set(seatNos)
  return (seatNo) => more.has(seatNo) || isTaken(seatNo)
}

/** The orphans after taking that were none before. */
export function slowOrphansMade(rows: Rows, isTaken: IsTaken, seatNos: number[], pattern = ORPHAN): number[] {
  const before = rows.flatMap((row) => orphans(row, isTaken, pattern))
  const after = rows.flatMap((row) => orphans(row, also(isTaken, seatNos), pattern))
  return ascending(after.filter((seatNo) => !before.includes(seatNo)))
}

/** Row by row: what is made, unless every other choice of the same letters side by side makes an orphan too. */
export function slowAvoidableOrphans(rows: Rows, isTaken: IsTaken, seatNos: number[], pattern = ORPHAN): number[] {
  return ascending(
    rows.flatMap((row) => {
      const chosen = row.filter(({ seat_no }) => seatNos.includes(seat_no))
      const [standard, exempt] = [numbers(chosen.filter(isStandard)), numbers(chosen.filter((seat) => !isStandard(seat)))]
      const gone = also(isTaken, exempt)
      const wanted = word(
        row.filter(({ seat_no }) => standard.includes(seat_no)),
        () => false
      )
      const better = together(row, gone, wanted).some((group) => slowOrphansMade([row], gone, group, pattern).length === 0)
      return better ? slowOrphansMade([row], gone, standard, pattern) : []
    })
  )
}

/** All groups of free standard seats side by side whose letters are the wanted ones in any order. */
function together(row: SeatRow[], isTaken: IsTaken, wanted: string): number[][] {
  const letters = word(row, isTaken)
  const sorted = (text: string) => [...text].sort().join('')
  return row
    .map((_, i) => i)
    .filter((i) => wanted !== '' && sorted(letters.slice(i, i + wanted.length)) === sorted(wanted))
    .map((i) => numbers(row.slice(i, i + wanted.length)))
}

/** All groups for a want, the best first. */
export function slowBest(rows: Rows, isTaken: IsTaken, want: Want, focus: Point, pattern = ORPHAN): number[] | undefined {
  const groups = rows
    .filter(([seat]) => want.sectionNo === undefined || seat!.section_no === want.sectionNo)
    .flatMap((row) =>
      ['a', 'b']
        .filter((category) => want.category === undefined || want.category === category)
        .flatMap((category) =>
          together(row, isTaken, category.repeat(want.quantity)).map((group) => ({
            equals: `${row[0]!.section_no} ${category}`,
            group: ascending(group),
            clean: slowOrphansMade([row], isTaken, group, pattern).length === 0,
            far: farness(rows, group, focus)
          }))
        )
    )
  const eligible = groups.filter(({ clean, equals }) => clean || !groups.some((other) => other.clean && other.equals === equals))
  return eligible.sort((a, b) => a.far - b.far || compare(a.group, b.group))[0]?.group
}

/** Of whole numbers: the distance of the middle, times the size, squared. */
export function farness(rows: Rows, group: number[], { x, y }: Point): number {
  const seats = rows.flat().filter(({ seat_no }) => group.includes(seat_no))
  const dx = seats.reduce((sum, seat) => sum + (seat.x - x), 0)
  const dy = seats.reduce((sum, seat) => sum + (seat.y - y), 0)
  return dx ** 2 + dy ** 2
}

/** In how few groups so many seats of one category are to be had: each run of free seats is taken or left. */
export function slowFewestGroups(rows: Rows, isTaken: IsTaken, want: Want): number {
  const fewest = (runs: number[], seats: number): number => {
    if (seats <= 0) return 0
    const [run, ...others] = runs
    return run === undefined ? Number.POSITIVE_INFINITY : Math.min(fewest(others, seats), 1 + fewest(others, seats - run))
  }
  const inSection = rows.filter(([seat]) => want.sectionNo === undefined || seat!.section_no === want.sectionNo)
  const runsOf = (category: string) => inSection.flatMap((row) => word(row, isTaken).match(new RegExp(`${category}+`, 'g')) ?? [])
  return Math.min(
    ...['a', 'b']
      .filter((category) => want.category === undefined || want.category === category)
      .map((category) =>
        fewest(
          runsOf(category).map(({ length }) => length),
          want.quantity
        )
      )
  )
}

/** Every way to seat a party with accessible seats of one section and category, without the companions: who might come along. */
export function slowAccessibleParties(rows: Rows, isTaken: IsTaken, want: Want): Array<{ accessible: number[]; companions: number[] }> {
  const free = rows
    .flat()
    .filter(({ seat_no, category }) => !isTaken(seat_no) && (want.category === undefined || want.category === category))
  const spots = free.filter(
    ({ kind, section_no }) => kind === 'accessible' && (want.sectionNo === undefined || want.sectionNo === section_no)
  )
  return subsets(spots, want.accessible!)
    .filter((chosen) => new Set(chosen.map(({ section_no, category }) => `${section_no} ${category}`)).size === 1)
    .map(numbers)
    .map((accessible) => ({
      accessible,
      companions: numbers(free.filter(({ kind, accessible_no }) => kind === 'companion' && accessible.includes(accessible_no!)))
    }))
    .filter(({ companions }) => companions.length >= want.quantity - want.accessible!)
}

/** Groups that may be offered instead of others: same letters, side by side, allowed. */
export function slowInstead(rows: Rows, isTaken: IsTaken, seatNos: number[]): number[][] {
  const wanted = word(
    rows.flat().filter(({ seat_no }) => seatNos.includes(seat_no)),
    () => false
  )
  return rows
    .flatMap((row) => together(row, isTaken, wanted))
    .filter((group) => slowAvoidableOrphans(rows, isTaken, group).length === 0)
    .map(ascending)
    .filter((group) => group.join() !== ascending(seatNos).join())
}

export function subsets<T>(items: T[], size: number): T[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((others) => [item, ...others]))
}

function isStandard({ kind }: SeatRow): boolean {
  return kind === 'standard'
}

function numbers(seats: SeatRow[]): number[] {
  return seats.map(({ seat_no }) => seat_no)
}

function ascending(seatNos: number[]): number[] {
  return seatNos.toSorted((a, b) => a - b)
}

function compare(a: number[], b: number[]): number {
  const i = a.findIndex((value, i) => value !== b[i])
  return i < 0 ? 0 : a[i]! - b[i]!
}
