import type { PURCHASE_ES } from './words-es-purchase.ts'

export const PURCHASE_EN: typeof PURCHASE_ES = {
  checkout: {
    title: 'Pay',
    heading: 'Confirm and pay',
    lines: 'Your tickets',
    fee: 'Service fee',
    total: 'Total',
    heldUntil: (time) => `Held for you until ${time}`,
    heldFor: 'Time to pay',
    minuteLeft: 'One minute left to pay.',
    release: 'Let go of the hold',
    buyer: 'Your details',
    name: 'First and last name',
    email: 'Mail address',
    emailHint: 'Your tickets go here. Please check it twice.',
    rut: 'RUT (optional)',
    rutHint: 'Chilean tax number for your receipt, with or without points.',
    acceptBefore: 'I accept the',
    terms: 'terms and conditions',
    and: 'and the',
    privacy: 'privacy notice',
    versionOf: (day) => `(version of ${day})`,
    pay: (amount) => `Pay ${amount}`,
    payFree: 'Confirm free tickets',
    secure: 'You pay on Webpay’s secure site. We never see your card.',
    errorsHeading: 'Please check these details',
    errors: {
      name: 'Write your first and last name.',
      email: 'Write a valid mail address, like name@example.com.',
      rut: 'That RUT does not match its check digit. Correct it or leave the field empty.',
      consent: 'To buy you must accept the terms and the privacy notice.'
    },
    notices: {
      rejected: 'The bank rejected the payment. Nothing was charged. You can try again while your hold lasts.',
      abandoned: 'You left the payment unfinished. Nothing was charged. Your hold is still here.',
      paying: 'A payment was begun. If you have paid, wait: we confirm it by ourselves. If not, you can pay again.',
      PAYMENT_ATTEMPTS: 'You have tried to pay too often. Let go of the hold and start again.'
    }
  },

  bank: {
    title: 'Go and pay',
    heading: 'We are taking you to the bank',
    text: 'If nothing happens in a few seconds, press the button.',
    go: 'Continue to Webpay'
  },

  confirming: {
    title: 'Confirming',
    heading: 'We are confirming your purchase',
    text: 'There is no answer yet. It may take a few seconds. Do not buy again: this page updates itself and nothing is charged twice.',
    holdHeading: 'We are confirming your hold',
    holdText: 'There is no answer yet. We ask again for the same hold: it is never doubled.',
    refundingHeading: 'We are sending your money back',
    refundingText: 'Your payment arrived, but we could no longer give you the seats. The refund is on its way.',
    again: 'Ask again'
  },

  order: {
    title: 'Purchase complete',
    heading: 'Purchase complete',
    code: 'Your order number',
    thanks: (email) => `We will send your tickets and your receipt to ${email}.`,
    thanksFree: (email) => `We will send your tickets to ${email}.`,
    documents: 'Documents',
    pending: 'In progress',
    pendingText: 'Your purchase is done. We are preparing your documents; they appear here by themselves.',
    refresh: 'Refresh',
    ready: 'Ready to download',
    receipt: (folio) => `Receipt no. ${folio}`,
    allTickets: 'All tickets',
    ticket: (place) => `Ticket: ${place}`,
    download: 'Download',
    pdf: 'PDF',
    copy: 'Read from the backup copy.',
    paid: 'What you paid',
    keep: 'Keep your order number. You also get a link by mail to come back to this page.'
  },

  ended: {
    expired: { title: 'The hold has run out', text: 'The seats are on sale again. Nothing was charged. You can choose again.' },
    released: { title: 'You let go of the hold', text: 'The seats are on sale again. Nothing was charged.' },
    refunded: {
      title: 'We sent your money back',
      text: 'Your payment arrived when the seats were no longer available, so we returned all of it. Your bank decides when you see it.'
    }
  },

  lost: {
    title: 'My tickets',
    heading: 'Lost your tickets?',
    text: 'Write the mail address you bought with, and we will send you the links to your tickets.',
    email: 'Mail address',
    emailError: 'Write a valid mail address, like name@example.com.',
    send: 'Send links',
    sentHeading: 'Check your mail',
    sentText: 'If there are purchases with that address, a mail with the links arrives in a few minutes. Look in your spam folder too.'
  },

  actions: {
    catalogue: 'See the shows',
    show: 'Back to the show',
    otherSeats: 'Choose other seats',
    purchase: 'Go to my hold',
    again: 'Try again',
    lost: 'Ask for a new link'
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
    SEAT_TAKEN: { title: 'Those seats are no longer free', text: 'Somebody else was faster. The others you chose are still marked.' },
    ZONE_FULL: { title: 'There are not that many tickets left', text: 'That zone has fewer tickets left than you asked for.' },
    SEAT_UNKNOWN: { title: 'There is no such seat', text: 'Go back to the map and choose again.' },
    ZONE_UNKNOWN: { title: 'There is no such zone', text: 'Go back to the map and choose again.' },
    SHOW_UNKNOWN: { title: 'There is no such show', text: 'It may have changed. Look at the shows.' },
    EMPTY_CHOICE: { title: 'You chose no tickets', text: 'Choose at least one seat or one general ticket.' },
    TOO_MANY_TICKETS: { title: 'You chose too many tickets', text: 'You can buy up to 10 tickets per purchase.' },
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
