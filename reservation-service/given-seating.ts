import fc from 'fast-check'
import type { SeatRow } from './seating.ts'

/** For tests: plans drawn row by row, so that what stands beside what is known without looking for it. */
const SEAT_GAP_PX = 10
const AISLE_PX = 30
const ROW_GAP_PX = 20
const SECTION_PX = 400

/**
 * A drawn plan: by section, its rows of letters. `a` and `b` are standard seats
 * of that category, `.` is an accessible seat, `c` a companion of the nearest
 * accessible seat before it in the row (else behind it), both of category `a`. A
 * space is an aisle. `x` is a standard seat that is taken, `A`, `B`, `:` and `C`
 * are seats somebody chose.
 */
export type Drawing = string[][]

const PLAIN = { ':': '.', x: 'a' } as Record<string, string>

/** The rows as drawn, split at their aisles, seats numbered from 1 in the order of the drawing. */
export function drawn(drawing: Drawing): SeatRow[][] {
  let seatNo = 0
  return drawing.flatMap((lines, section) =>
    lines.flatMap((line, i) => {
      let x = section * SECTION_PX
      return line.split(' ').map((letters, block) => {
        if (block > 0) x += AISLE_PX - SEAT_GAP_PX
        const row = [...letters].map((letter) => {
          x += SEAT_GAP_PX
          seatNo++
          return seat(PLAIN[letter] ?? letter.toLowerCase(), {
            seat_no: seatNo,
            section_no: section + 1,
            row_label: `${i + 1}`,
            x,
            y: i * ROW_GAP_PX
          })
        })
        return accompanied(row)
      })
    })
  )
}

/** The numbers of the seats that are drawn with one of these letters. */
export function lettered(drawing: Drawing, letters: string): number[] {
  return [...drawing.flat().join('').replaceAll(' ', '')].flatMap((letter, i) => (letters.includes(letter) ? [i + 1] : []))
}

function seat(letter: string, at: Pick<SeatRow, 'seat_no' | 'section_no' | 'row_label' | 'x' | 'y'>): SeatRow {
  const kind = letter === '.' ? 'accessible' : letter === 'c' ? 'companion' : 'standard'
  return { ...at, category: letter === 'b' ? 'b' : 'a', kind, accessible_no: letter === '.' ? at.seat_no : null }
}

/** A companion without an accessible seat in its row is a standard seat. */
function accompanied(row: SeatRow[]): SeatRow[] {
  return row.map((seat, i) => {
    if (seat.kind !== 'companion') return seat
    const isAccessible = ({ kind }: SeatRow) => kind === 'accessible'
    const its = row.slice(0, i).findLast(isAccessible) ?? row.find(isAccessible)
    return its ? { ...seat, accessible_no: its.seat_no } : { ...seat, kind: 'standard' }
  })
}

/** Random plans of these letters; the more often a letter stands here, the more seats have it, and the first is what others shrink to. */
export function drawings(letters: string): fc.Arbitrary<Drawing> {
  const line = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 16 }).map(aisled)
  return fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
}

/** Between two aisles stand at least two seats: a lone one would not show how near seats usually stand. */
function aisled(letters: string[]): string {
  const blocks = letters.join('').split(' ').filter(Boolean)
  return blocks.some(({ length }) => length < 2) ? blocks.join('') : blocks.join(' ') || letters[0]!.replace(' ', 'a')
}

/** Whole pixels, so that equal distances are equal numbers. */
export const points: fc.Arbitrary<{ x: number; y: number }> = fc.record({
  x: fc.integer({ min: 0, max: 2 * SECTION_PX }),
  y: fc.integer({ min: -100, max: 200 })
})
