import type { OrdenCreada } from '../contracts/orden-creada.ts'
import type { Language } from '../contracts/values.ts'
import { momentInEnglish, momentInSpanish } from './dates.ts'
import { type Letter, letterOf, type Part } from './letter.ts'
import { MAIL_WORDS, type MailWords } from './mail-words.ts'
import { pesos } from './money.ts'

/** The mail that every order gets once: its documents, and the link to them. */
export function orderLetter(order: OrdenCreada, folio: number | undefined, link: string): Letter {
  const { language, show, code, buyer, lines } = order
  const words = MAIL_WORDS[language]
  const parts: Part[] = [
    { kind: 'title', text: show.title },
    { kind: 'text', text: `${words.hello(buyer.name)} ${words.orderLead(lines.length)}` },
    { kind: 'text', text: words.orderAttached(lines.length) },
    { kind: 'button', text: words.button, url: link },
    {
      kind: 'facts',
      rows: [[words.order, code], ...showFacts(order, language), ...ticketFacts(order, words), [words.total, price(order.totalClp, words)]]
    },
    ...(folio === undefined ? [] : [{ kind: 'text' as const, text: words.receipt(folio) }]),
    { kind: 'quiet', text: words.careful }
  ]
  return letterOf(language, words.orderSubject(show.title, code), parts, words.sentBy)
}

/** The mail to somebody who lost their tickets: one link for each order of theirs. */
export function linksLetter(language: Language, orders: Array<{ order: OrdenCreada; link: string }>): Letter {
  const words = MAIL_WORDS[language]
  const parts: Part[] = [
    { kind: 'text', text: words.linksLead(orders.length) },
    ...orders.flatMap(({ order, link }): Part[] => [
      { kind: 'title', text: order.show.title },
      { kind: 'facts', rows: [[words.order, order.code], ...showFacts(order, language)] },
      { kind: 'button', text: words.button, url: link }
    ]),
    { kind: 'quiet', text: words.careful },
    { kind: 'quiet', text: words.linksUnasked }
  ]
  return letterOf(language, words.linksSubject, parts, words.sentBy)
}

function showFacts({ show }: OrdenCreada, language: Language): Array<[string, string]> {
  const words = MAIL_WORDS[language]
  const momentOf = language === 'es' ? momentInSpanish : momentInEnglish
  const starts = momentOf(show.startsAt, show.timeZone)
  const doors: Array<[string, string]> = show.doorsAt ? [[words.doors, momentOf(show.doorsAt, show.timeZone).time]] : []
  return [[words.when, `${starts.date}, ${starts.time}`], ...doors, [words.where, `${show.venue}, ${show.address}, ${show.city}`]]
}

function ticketFacts({ lines, serviceFeeClp }: OrdenCreada, words: MailWords): Array<[string, string]> {
  const tickets = lines.map(({ section, row, seat, ticketType, priceClp }, index): [string, string] => {
    const place = [section, row && `${words.row} ${row}`, seat && `${words.seat} ${seat}`].filter((part) => part !== '').join(', ')
    return [index === 0 ? words.tickets : '', `${place} · ${ticketType} · ${price(priceClp, words)}`]
  })
  return serviceFeeClp === 0 ? tickets : [...tickets, [words.fee, pesos(serviceFeeClp)]]
}

function price(clp: number, words: MailWords): string {
  return clp === 0 ? words.free : pesos(clp)
}
