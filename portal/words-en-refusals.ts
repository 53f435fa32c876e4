import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'
import type { REFUSALS_ES } from './words-es-refusals.ts'

const tickets = (n: number) => `${n}\u00a0${n === 1 ? 'ticket' : 'tickets'}`
const seats = (n: number) => `${n}\u00a0${n === 1 ? 'seat' : 'seats'}`

export const REFUSALS_EN: typeof REFUSALS_ES = {
  actions: {
    catalogue: 'See the shows',
    show: 'Back to the show',
    otherSeats: 'Choose other seats',
    purchase: 'Go to my hold',
    again: 'Try again',
    lost: 'Ask for a new link'
  },

  offers: {
    heading: 'You can take these, at the same price:',
    together: (n) => `Hold ${seats(n)} ${n === 1 ? '' : 'together'}`.trim(),
    apart: (n) => `Hold ${seats(n)} in separate groups`,
    anywhere: 'Look everywhere',
    inCategory: (category) => `Look in ${category}`,
    detail: (parts) => parts.join(', '),
    ofType: (n, type) => `${type} × ${n}`
  },

  pages: {
    notFound: { title: 'We cannot find this page', text: 'The link may be incomplete or belong to another browser.' },
    failed: { title: 'Something failed on our side', text: 'It has been recorded. Try again in a moment.' },
    away: {
      title: 'Back in a moment',
      text: 'The system does not answer now. Your holds and purchases are safe. Try again in a few seconds.'
    },
    busy: { title: 'Many people are buying', text: 'Wait a few seconds and try again.' },
    badInput: { title: 'We did not understand the form', text: 'Go back and send it again.' },
    foreign: { title: 'The form came from another site', text: 'For your safety we did not use it. Go to the shows and start here.' },
    documentPending: { title: 'Your document is in progress', text: 'We are still preparing it. Try again in a few seconds.' }
  },

  refusals: {
    SEAT_TAKEN: { title: 'Those seats are no longer free', text: 'Somebody else was faster.' },
    ORPHAN_SEAT: {
      title: 'You would leave one seat alone',
      text: 'Your choice leaves this single seat behind, and hardly anybody buys a single seat. Move along by one, or take a group that leaves none.'
    },
    COMPANION_ALONE: {
      title: 'That is a companion seat',
      text: 'It is sold together with the wheelchair space beside it. Choose that space too, or take other seats.'
    },
    NOT_TOGETHER: {
      title: 'There are not that many seats together',
      text: ({ quantity = 0, together = 0 }) =>
        together > 0
          ? `We looked for ${seats(quantity)}, and at most ${together} are left together.`
          : 'No seats like the ones you want are left.'
    },
    TICKET_TYPE_UNKNOWN: {
      title: 'That ticket type is not sold there',
      text: 'Not every place has every ticket type. Choose another type or another place.'
    },
    BUYER_LIMIT: {
      title: 'You have the most one person may have',
      text: ({ max, has = 0 }) =>
        max === undefined
          ? 'With that mail address you have as many tickets for this show as one person may have.'
          : `For this show a person may have up to ${tickets(max)}, and with that mail address ${has > 0 ? `you already have ${has}` : 'this purchase goes over it'}. Let go of this hold and choose fewer.`
    },
    HOLD_GONE: {
      title: 'The hold has run out',
      text: 'Somebody else has taken those seats. Nothing was charged. You can choose again.'
    },
    ZONE_FULL: {
      title: 'There are not that many tickets left',
      text: ({ free }) =>
        free === undefined
          ? 'That zone has fewer tickets left than you asked for.'
          : free === 0
            ? 'That zone has no tickets left.'
            : `That zone has ${tickets(free)} left.`
    },
    SEAT_UNKNOWN: { title: 'There is no such seat', text: 'Go back to the map and choose again.' },
    ZONE_UNKNOWN: { title: 'There is no such zone', text: 'Go back to the map and choose again.' },
    SHOW_UNKNOWN: { title: 'There is no such show', text: 'It may have changed. Look at the shows.' },
    EMPTY_CHOICE: { title: 'You chose no tickets', text: 'Choose at least one seat or one general ticket.' },
    TOO_MANY_TICKETS: {
      title: 'You chose too many tickets',
      text: ({ max = SEATS_PER_ORDER_MAX }) => `You can buy up to ${tickets(max)} per purchase.`
    },
    NOT_ON_SALE: { title: 'Not on sale yet', text: 'The page of the show says when the sale begins.' },
    SALE_OVER: { title: 'The sale is over', text: 'Tickets for this show are no longer sold.' },
    PURCHASE_MISMATCH: {
      title: 'You already have a hold',
      text: 'This form was sent before with another choice. Go on with that hold or choose again.'
    },
    HOLD_EXPIRED: { title: 'The hold has run out', text: 'The seats are on sale again. Nothing was charged.' },
    LINK_UNKNOWN: { title: 'This link is not valid', text: 'Copy all of it from the mail or ask for a new one.' },
    LINK_EXPIRED: { title: 'This link has ended', text: 'Ask for a new one with your mail address.' },
    PAYMENT_UNKNOWN: {
      title: 'We cannot find that payment',
      text: 'If you have paid, it is not lost: look at your mail or at the page of your purchase before you try again.'
    },
    RETURN_EMPTY: {
      title: 'We cannot find that payment',
      text: 'If you have paid, it is not lost: look at your mail or at the page of your purchase before you try again.'
    },
    OTHER: { title: 'We could not do that', text: 'Go back to the show and try again.' }
  }
}
