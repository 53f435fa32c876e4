import { SEATS_PER_ORDER_MAX } from '../contracts/values.ts'

/** The numbers a refusal came with. */
export type Told = Readonly<Record<string, number | undefined>>

const tickets = (n: number) => `${n}\u00a0${n === 1 ? 'entrada' : 'entradas'}`
const seats = (n: number) => `${n}\u00a0${n === 1 ? 'asiento' : 'asientos'}`

/** The words of everything that may go otherwise, and of the ways on from there. */
export const REFUSALS_ES = {
  actions: {
    catalogue: 'Ver la cartelera',
    show: 'Volver a la función',
    otherSeats: 'Elegir otros asientos',
    purchase: 'Ir a mi reserva',
    again: 'Intentar de nuevo',
    lost: 'Pedir un enlace nuevo'
  },

  offers: {
    heading: 'Puedes tomar estos, al mismo precio:',
    together: (n: number) => `Reservar ${seats(n)} ${n === 1 ? '' : 'juntos'}`.trim(),
    apart: (n: number) => `Reservar ${seats(n)} en grupos separados`,
    anywhere: 'Buscar en cualquier lugar',
    inCategory: (category: string) => `Buscar en ${category}`,
    detail: (parts: string[]) => parts.join(', '),
    ofType: (n: number, type: string) => `${type} × ${n}`
  },

  pages: {
    notFound: { title: 'No encontramos esta página', text: 'Puede que el enlace esté incompleto o que sea de otro navegador.' },
    failed: { title: 'Algo falló de nuestro lado', text: 'Ya quedó registrado. Intenta de nuevo en un momento.' },
    away: {
      title: 'Volvemos en un momento',
      text: 'El sistema no responde ahora. Tus reservas y compras siguen guardadas. Intenta de nuevo en unos segundos.'
    },
    busy: { title: 'Hay mucha gente comprando', text: 'Espera unos segundos y vuelve a intentar.' },
    badInput: { title: 'No entendimos el formulario', text: 'Vuelve atrás y envíalo otra vez.' },
    foreign: { title: 'El formulario venía de otro sitio', text: 'Por tu seguridad no lo usamos. Vuelve a la cartelera y comienza aquí.' },
    documentPending: { title: 'Tu documento está en proceso', text: 'Todavía lo estamos preparando. Intenta de nuevo en unos segundos.' }
  },

  refusals: {
    SEAT_TAKEN: { title: 'Esos asientos ya no están libres', text: 'Otra persona los tomó antes.' },
    ORPHAN_SEAT: {
      title: 'Dejarías un asiento solo',
      text: 'Con esa elección este asiento queda suelto, y casi nadie compra un asiento suelto. Córrete un lugar o toma un grupo que no lo deje así.'
    },
    COMPANION_ALONE: {
      title: 'Ese asiento es de acompañante',
      text: 'Se vende junto con el espacio para silla de ruedas de al lado. Elige también ese espacio, o toma otros asientos.'
    },
    NOT_TOGETHER: {
      title: 'No quedan tantos asientos juntos',
      text: ({ quantity = 0, together = 0 }: Told) =>
        together > 0
          ? `Buscamos ${seats(quantity)} y juntos quedan, a lo más, ${together}.`
          : 'No quedan asientos libres como los que buscas.'
    },
    TICKET_TYPE_UNKNOWN: {
      title: 'Ese tipo de entrada no se vende ahí',
      text: 'No todos los lugares tienen todos los tipos de entrada. Elige otro tipo u otro lugar.'
    },
    BUYER_LIMIT: {
      title: 'Llegaste al máximo por persona',
      text: ({ max, has = 0 }: Told) =>
        max === undefined
          ? 'Con ese correo ya tienes tantas entradas de esta función como puede tener una persona.'
          : `En esta función cada persona puede tener hasta ${tickets(max)}, y con ese correo ${has > 0 ? `ya tienes ${has}` : 'esta compra lo supera'}. Suelta esta reserva y elige menos.`
    },
    HOLD_GONE: {
      title: 'Se acabó el tiempo de la reserva',
      text: 'Otra persona ya tomó esos asientos. No se hizo ningún cobro. Puedes elegir de nuevo.'
    },
    ZONE_FULL: {
      title: 'No quedan tantas entradas',
      text: ({ free }: Told) =>
        free === undefined
          ? 'En esa zona quedan menos entradas de las que pediste.'
          : free === 0
            ? 'En esa zona ya no quedan entradas.'
            : `En esa zona ${free === 1 ? 'queda' : 'quedan'} ${tickets(free)}.`
    },
    SEAT_UNKNOWN: { title: 'Ese asiento no existe', text: 'Vuelve al plano y elige de nuevo.' },
    ZONE_UNKNOWN: { title: 'Esa zona no existe', text: 'Vuelve al plano y elige de nuevo.' },
    SHOW_UNKNOWN: { title: 'Esa función no existe', text: 'Puede que haya cambiado. Mira la cartelera.' },
    EMPTY_CHOICE: { title: 'No elegiste entradas', text: 'Elige al menos un asiento o una entrada general.' },
    TOO_MANY_TICKETS: {
      title: 'Elegiste demasiadas entradas',
      text: ({ max = SEATS_PER_ORDER_MAX }: Told) => `Puedes comprar hasta ${tickets(max)} por compra.`
    },
    NOT_ON_SALE: { title: 'Todavía no está en venta', text: 'Mira en la página de la función cuándo comienza la venta.' },
    SALE_OVER: { title: 'La venta terminó', text: 'Ya no se venden entradas para esta función.' },
    PURCHASE_MISMATCH: {
      title: 'Ya tienes una reserva',
      text: 'Este formulario ya se envió con otra selección. Puedes seguir con esa reserva o elegir de nuevo.'
    },
    HOLD_EXPIRED: { title: 'Se acabó el tiempo de la reserva', text: 'Los asientos volvieron a la venta. No se hizo ningún cobro.' },
    LINK_UNKNOWN: { title: 'Este enlace no es válido', text: 'Cópialo completo desde el correo o pide uno nuevo.' },
    LINK_EXPIRED: { title: 'Este enlace venció', text: 'Pide uno nuevo con tu correo.' },
    PAYMENT_UNKNOWN: {
      title: 'No encontramos ese pago',
      text: 'Si pagaste, no se pierde: mira tu correo o la página de tu compra antes de intentarlo de nuevo.'
    },
    RETURN_EMPTY: {
      title: 'No encontramos ese pago',
      text: 'Si pagaste, no se pierde: mira tu correo o la página de tu compra antes de intentarlo de nuevo.'
    },
    OTHER: { title: 'No pudimos hacer eso', text: 'Vuelve a la función e intenta de nuevo.' }
  }
}
