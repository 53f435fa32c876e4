import type { PURCHASE_ES } from './words-es-purchase.ts'

export const PURCHASE_EN: typeof PURCHASE_ES = {
  checkout: {
    title: 'Pay',
    heading: 'Confirm and pay',
    lines: 'Your tickets',
    fee: 'Service fee',
    total: 'Total',
    heldUntil: (time, minutes) =>
      `Held for you until ${time}: ${minutes > 1 ? `about ${minutes}\u00a0minutes left` : 'about a minute or less left'}.`,
    heldFor: 'Time to pay',
    minuteLeft: 'One minute left to pay.',
    release: 'Let go of the hold',
    more: 'I need more time',
    moreHint: 'You can ask for it once.',
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
    extended: (time) => `Done: you have time until ${time}.`,
    notices: {
      rejected: 'The bank rejected the payment. Nothing was charged. You can try again while your hold lasts.',
      abandoned: 'You left the payment unfinished. Nothing was charged. Your hold is still here.',
      paying: 'A payment was begun. If you have paid, wait: we confirm it by ourselves. If not, you can pay again.',
      found: 'These are the best seats we found. They are already held for you.',
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
    copy: 'Read from the replica.',
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
  }
}
