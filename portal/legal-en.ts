import type { LEGAL_ES } from './legal-es.ts'

/** For readers without Spanish; the Spanish text is the one that holds. */
export const LEGAL_EN: typeof LEGAL_ES = {
  terms: {
    heading: 'Terms and conditions',
    sections: [
      {
        heading: 'What you buy',
        text: 'A ticket lets you in once, to the show and the seat or zone it names. Price and service fee are shown before you pay, in Chilean pesos, taxes included.'
      },
      {
        heading: 'The hold',
        text: 'The seats you choose are held for you for the time that the payment page shows, and you may ask for more time once. If you do not pay in that time they are on sale again. Some shows limit the tickets of one purchase and of one person; the page of the show says so. Every seat is sold once.'
      },
      {
        heading: 'Payment',
        text: 'You pay with Webpay Plus on the bank’s site. If a payment arrives when your seats are no longer available, we return all of it the same way.'
      },
      {
        heading: 'Your documents',
        text: 'For every paid purchase we issue one receipt and one ticket per seat. They come by mail and stay on the page of your purchase. Each ticket carries a signed code that is checked at the gate and admits one person once: do not share copies.'
      },
      {
        heading: 'If the show changes',
        text: 'If a show is cancelled we return the full price of your tickets and the service fee. If its date or place changes you may ask for a refund before the new date. This limits none of your rights under Chilean consumer law (Ley 19.496).'
      },
      {
        heading: 'Withdrawal',
        text: 'Under article 3 bis of Ley 19.496, tickets for a show with a fixed date and place cannot be withdrawn from once the purchase is confirmed, unless the show changes or is cancelled.'
      }
    ]
  },
  privacy: {
    heading: 'Privacy notice',
    sections: [
      {
        heading: 'What we use',
        text: 'Your name, your mail address and, if you give it, your RUT. We also keep what you bought, when, and which version of these texts you agreed to. We neither see nor keep your card.'
      },
      {
        heading: 'What for',
        text: 'To issue your tickets and your receipt, to send them, to help when you lose them and, where tickets per person are limited, to count yours by your mail address. Not for advertising, and not for sale.'
      },
      {
        heading: 'Who else',
        text: 'The bank gets what the payment needs; the Chilean tax office gets what a receipt must say. Nobody else.'
      },
      {
        heading: 'For how long',
        text: 'Tax documents are kept for as long as the law says. You may ask that everything else is erased.'
      },
      {
        heading: 'Cookies',
        text: 'Only what is needed: one per purchase, so that only your browser sees its tickets, and one for the language. No third parties, no tracking.'
      },
      {
        heading: 'Your rights',
        text: 'You may ask for access, correction, erasure, objection or portability under the laws 19.628 and 21.719, by writing to privacidad@ticketflow.example.'
      }
    ]
  }
}
