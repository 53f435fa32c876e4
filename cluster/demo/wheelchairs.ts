import { guidOf, type Venue } from './plan.ts'
import type { Seat } from './stands.ts'

/** An accessible seat and those who come along, as an operator lists them. */
export interface AccessibleForm {
  seat: string
  companions: string[]
}

/** A place for a wheelchair at each end of the last row, beside it the seat of a companion, in every section that is reached without steps. */
export function wheelchairs({ stepFree }: Venue): AccessibleForm[] {
  return stepFree.flatMap(({ name, rows }) => {
    const { label: row, seats } = rows.at(-1)!
    const guid = ({ label }: Seat) => guidOf(name, row, label)
    return [seats, seats.toReversed()].map((fromEnd) => ({ seat: guid(fromEnd[0]!), companions: [guid(fromEnd[1]!)] }))
  })
}
