import type { Language } from '../contracts/values.ts'

/** Every word the mails say. Spanish is written first. */
const ES = {
  locale: 'es-CL',
  orderSubject: (title: string, code: string) => `Tus entradas para ${title} (orden ${code})`,
  hello: (name: string) => `Hola, ${name}:`,
  orderLead: (count: number) =>
    count === 1 ? '¡Compra exitosa! Aquí está tu entrada.' : `¡Compra exitosa! Aquí están tus ${count} entradas.`,
  orderAttached: (count: number): string =>
    count === 1
      ? 'Va adjunta en PDF, con su código QR. También puedes verla y descargarla cuando quieras:'
      : 'Van adjuntas en PDF, cada una con su código QR. También puedes verlas y descargarlas cuando quieras:',
  button: 'Ver mis entradas',
  order: 'Orden',
  when: 'Fecha',
  doors: 'Puertas',
  where: 'Lugar',
  tickets: 'Entradas',
  row: 'fila',
  seat: 'asiento',
  fee: 'Cargo por servicio',
  total: 'Total pagado',
  free: 'Gratis',
  receipt: (folio: number) => `Tu boleta electrónica N° ${folio} también va adjunta.`,
  careful: 'Este enlace y los códigos QR valen como tus entradas: no los compartas ni publiques fotos de ellos.',
  linksSubject: 'Tus entradas en TicketFlow',
  linksLead: (count: number) =>
    count === 1
      ? 'Pediste recuperar tus entradas. Aquí está tu orden:'
      : `Pediste recuperar tus entradas. Aquí están tus ${count} órdenes:`,
  linksUnasked: 'Si no lo pediste tú, no hagas nada: nadie más recibió estos enlaces.',
  sentBy: 'TicketFlow · Este correo se envía solo; no hace falta responderlo.'
}

const EN: typeof ES = {
  locale: 'en-GB',
  orderSubject: (title, code) => `Your tickets for ${title} (order ${code})`,
  hello: (name) => `Hello ${name},`,
  orderLead: (count) => (count === 1 ? 'All set! Here is your ticket.' : `All set! Here are your ${count} tickets.`),
  orderAttached: (count) =>
    count === 1
      ? 'It is attached as a PDF, with its QR code. You can also see and download it at any time:'
      : 'They are attached as a PDF, each with its QR code. You can also see and download them at any time:',
  button: 'See my tickets',
  order: 'Order',
  when: 'Date',
  doors: 'Doors',
  where: 'Venue',
  tickets: 'Tickets',
  row: 'row',
  seat: 'seat',
  fee: 'Service fee',
  total: 'Total paid',
  free: 'Free',
  receipt: (folio) => `Your receipt (boleta electrónica no. ${folio}) is attached too.`,
  careful: 'This link and the QR codes are as good as your tickets: do not share them or post pictures of them.',
  linksSubject: 'Your TicketFlow tickets',
  linksLead: (count) =>
    count === 1
      ? 'You asked for your tickets again. Here is your order:'
      : `You asked for your tickets again. Here are your ${count} orders:`,
  linksUnasked: 'If it was not you who asked, there is nothing to do: nobody else received these links.',
  sentBy: 'TicketFlow · This mail is sent automatically; there is no need to answer it.'
}

export type MailWords = typeof ES

export const MAIL_WORDS: Record<Language, MailWords> = { es: ES, en: EN }
