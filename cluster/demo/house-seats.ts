import { guidOf } from './plan.ts'

/** Seats of a show that are kept from sale, as its producer would name them. */
const HOUSE_SEATS = [
  {
    show: 'el-jardin-de-los-relojes',
    block: 'prensa',
    reason: 'Prensa',
    section: 'Platea Baja',
    row: 'F',
    seats: ['5', '3', '1', '2', '4', '6']
  },
  {
    show: 'el-jardin-de-los-relojes',
    block: 'invitados-produccion',
    reason: 'Invitados de la producción',
    section: 'Palcos centro',
    row: '13',
    seats: ['1', '2', '3', '4', '5', '6']
  }
]

/** What an operator sends to PUT /shows/:code/blocks/:code. */
export interface BlockForm {
  reason: string
  seats: string[]
}

export function demoBlocks(): Array<{ show: string; block: string; form: BlockForm }> {
  return HOUSE_SEATS.map(({ show, block, reason, section, row, seats }) => ({
    show,
    block,
    form: { reason, seats: seats.map((seat) => guidOf(section, row, seat)) }
  }))
}
