import type { CHOOSING_ES } from './words-es-choosing.ts'

const plural = (n: number, one: string, many: string) => `${n}\u00a0${n === 1 ? one : many}`

export const CHOOSING_EN: typeof CHOOSING_ES = {
  show: {
    when: 'When',
    doors: (time) => `Doors from ${time}`,
    where: 'Where',
    fee: 'Service fee',
    feePerTicket: (fee) => `${fee} per ticket`,
    noFee: 'No service fee',
    limits: 'At most',
    limit: (max) => `Up to ${plural(max, 'ticket', 'tickets')} per purchase.`,
    limitPerBuyer: (max) => `Up to ${plural(max, 'ticket', 'tickets')} per person, by mail address.`,
    mapHeading: 'Choose a section',
    mapHint: 'Tap a section on the map or choose it in the list.',
    mapLabel: (venue) => `Map of ${venue}`,
    listHeading: 'Sections and prices',
    price: 'Price',
    zonesHeading: 'General admission',
    zonesHint: 'Without a numbered seat.',
    quantity: (zone) => `Quantity for ${zone}`,
    quantityOf: (zone, type) => `Quantity for ${zone}, ${type}`,
    hold: 'Hold tickets',
    notOnSale: {
      soon: (moment) => `The sale begins on ${moment}. Come back to this page then.`,
      over: 'The sale for this show is over.',
      soldOut: 'All tickets are sold. If somebody lets go of a hold, it appears here.'
    }
  },

  best: {
    heading: 'Best seats',
    lead: 'Tell us how many you are and we hold the best seats that are still together.',
    quantity: 'Tickets',
    where: 'Where',
    anywhere: 'Wherever is best',
    byPrice: 'By price',
    bySection: 'By section',
    choice: (name, price) => `${name} (${price})`,
    wheelchairs: 'Wheelchairs',
    noWheelchair: 'None',
    party: (chairs, companions) =>
      `${plural(chairs, 'wheelchair', 'wheelchairs')}${companions > 0 ? ` + ${plural(companions, 'companion', 'companions')}` : ''}`,
    wheelchairHint: 'The other tickets are for companions, who sit beside it.',
    find: 'Find and hold',
    orChoose: 'Or choose on the map'
  },

  section: {
    back: 'Back to the map',
    heading: (section) => `Seats in ${section}`,
    mapLabel: (section) => `Seat map of ${section}`,
    mapHint: 'Tap the seats you want. With the keyboard: arrows to move, space to choose.',
    front: 'Front',
    zoom: 'Size of the map',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    listHeading: 'Choose by row',
    row: (row) => `Row ${row}`,
    seat: (seat) => `Seat ${seat}`,
    rowPrice: (category, price) => `${category}, ${price}`,
    typePrice: (type, price) => `${type} ${price}`,
    taken: 'Taken',
    chosen: 'Chosen',
    kinds: { accessible: 'Wheelchair space', companion: 'Companion of a wheelchair user' },
    companionHint: 'Companion seats are sold together with the wheelchair space beside them.',
    companionAlone: 'That is a companion seat: choose the wheelchair space beside it too.',
    noneFree: 'This section is sold out.',
    summary: 'Your choice',
    noneChosen: 'No seats chosen yet.',
    total: 'Total with service fee',
    hold: 'Hold seats',
    limit: (max) => `You can choose up to ${plural(max, 'seat', 'seats')} per purchase.`,
    limitReached: (max) => `You have chosen ${plural(max, 'seat', 'seats')}, the most for one purchase.`,
    carried: 'We kept the seats that were still free.'
  },

  types: {
    title: 'Ticket types',
    heading: 'Who is each seat for?',
    lead: 'Choose the type of each ticket. If you choose none, it is the full price.',
    of: (place) => `Ticket type: ${place}`,
    option: (type, price) => `${type}, ${price}`,
    unpicked: (type) => `Every seat is ${type} unless you choose another type.`,
    pick: 'Choose ticket types',
    show: 'See and choose types'
  }
}
