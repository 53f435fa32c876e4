import { ARENA_TYPES, CHILD, family, reduced, seats, THEATRE_TYPES } from './prices.ts'
import type { ShowForm } from './shows.ts'

const THEATRE = {
  planCode: 'teatro-municipal-santiago',
  venue: { name: 'Teatro Municipal de Santiago', address: 'Agustinas 794', city: 'Santiago' },
  noOrphanSeats: true
}
const ARENA = {
  planCode: 'movistar-arena-santiago',
  venue: { name: 'Movistar Arena', address: 'Av. Beauchef 1204, Parque O’Higgins', city: 'Santiago' }
}
const STADIUM = {
  planCode: 'estadio-nacional-santiago',
  venue: { name: 'Estadio Nacional Julio Martínez Prádanos', address: 'Av. Grecia 2001', city: 'Ñuñoa, Santiago' }
}

/** The show that is sold out from the start: 24 places, bought one order after another like any others. */
export const SOLD_OUT = 'ensayo-abierto'

/** A show as its organiser would describe it: when it is counts from the day it is loaded. */
type Plot = Omit<ShowForm, 'startsAt' | 'doorsAt' | 'timeZone' | 'salesFrom' | 'salesUntil' | 'focus' | 'accessible' | 'zones'> &
  Partial<Pick<ShowForm, 'zones'>> & { inDays: number; at: string; salesInDays?: number }

export const PROGRAMME: Record<string, Plot> = {
  'el-jardin-de-los-relojes': {
    ...THEATRE,
    title: 'El jardín de los relojes',
    genre: 'Ópera',
    description: {
      es: 'Una relojera, un río que corre hacia atrás y una ciudad que no quiere despertar. Ópera de cámara en dos actos, cantada en español, con orquesta en vivo y una escenografía que gira como una caja de música. Dura dos horas, con un intermedio.',
      en: 'A clockmaker, a river that runs backwards and a city that will not wake. A chamber opera in two acts, sung in Spanish, with live orchestra and a set that turns like a music box. Two hours, with one interval.'
    },
    inDays: 34,
    at: '19:30',
    serviceFeePerTicketClp: 2_500,
    ticketTypes: THEATRE_TYPES,
    prices: [
      seats('Platea Baja', 58_000),
      seats('Platea Alta', 46_000),
      { category: 'Palcos', priceClp: 52_000 },
      seats('Balcón', 29_000),
      seats('Galería', 14_000)
    ]
  },
  'luz-de-invierno': {
    ...ARENA,
    title: 'Los Faroles: Luz de invierno',
    genre: 'Música',
    description: {
      es: 'Once canciones nuevas y las de siempre. Los Faroles cierran su gira con banda completa, coro invitado y un escenario que entra en la cancha. Desde los ocho años, con acompañante adulto.',
      en: 'Eleven new songs and all the old ones. Los Faroles close their tour with the full band, a guest choir and a stage that runs out into the floor. From age eight, with an adult.'
    },
    inDays: 48,
    at: '21:00',
    serviceFeePerTicketClp: 3_500,
    ticketTypes: ARENA_TYPES,
    ticketsPerOrderMax: 6,
    ticketsPerBuyerMax: 6,
    noOrphanSeats: true,
    prices: [
      { category: 'Platea Baja Frontal', priceClp: 62_000 },
      family('Platea Baja', 54_000),
      family('Platea Alta', 32_000),
      family('Tribuna', 24_000)
    ],
    zones: [
      { name: 'Cancha VIP', capacity: 1_100, priceClp: 89_000 },
      { name: 'Cancha General', capacity: 3_000, priceClp: 45_000, reduced: reduced(45_000, CHILD) }
    ]
  },
  'clasico-de-leyendas': {
    ...STADIUM,
    title: 'Clásico de leyendas',
    genre: 'Deporte',
    description: {
      es: 'Dos generaciones, una sola pelota. Las glorias del fútbol vuelven a la cancha por una tarde a beneficio de las escuelas deportivas de barrio. Hay previa con bandas de bronces desde las tres.',
      en: 'Two generations, one ball. The heroes of football are back on the pitch for one afternoon, in aid of neighbourhood sports schools. Brass bands play from three o’clock.'
    },
    inDays: 62,
    at: '17:00',
    serviceFeePerTicketClp: 1_500,
    prices: [
      { category: 'Tribuna Presidencial', priceClp: 60_000 },
      { category: 'Pacífico Bajo', priceClp: 35_000 },
      { category: 'Pacífico Alto', priceClp: 25_000 },
      { category: 'Andes Bajo', priceClp: 28_000 },
      { category: 'Andes Alto', priceClp: 18_000 },
      { category: 'Galería', priceClp: 9_000 }
    ]
  },
  'concierto-de-mediodia': {
    ...THEATRE,
    title: 'Concierto de mediodía: Coro Ciudad Vieja',
    genre: 'Música',
    description: {
      es: 'Cuarenta voces, cuarenta y cinco minutos y entrada liberada. Canciones de mar y de trabajo, para escuchar a la hora de almuerzo. Retira tu entrada: los asientos son numerados.',
      en: 'Forty voices, forty-five minutes, no charge. Songs of sea and work for a lunch hour. Seats are numbered, so take a ticket.'
    },
    inDays: 41,
    at: '13:00',
    serviceFeePerTicketClp: 0,
    prices: [
      { category: 'Platea Baja', priceClp: 0 },
      { category: 'Platea Alta', priceClp: 0 },
      { category: 'Balcón', priceClp: 0 }
    ]
  },
  'cuentos-del-viento-sur': {
    ...THEATRE,
    title: 'Cuentos del viento sur',
    genre: 'Familia',
    description: {
      es: 'Títeres de tamaño humano, sombras y un acordeón cuentan tres leyendas de islas y canales. Para toda la familia, desde los cinco años. Una hora sin intermedio.',
      en: 'Life-size puppets, shadows and an accordion tell three legends of islands and channels. For the whole family, from age five. One hour, no interval.'
    },
    inDays: 27,
    at: '12:00',
    serviceFeePerTicketClp: 900,
    ticketTypes: THEATRE_TYPES,
    prices: [
      seats('Platea Baja', 15_000),
      seats('Platea Alta', 12_000),
      seats('Palcos', 12_000),
      seats('Balcón', 8_000),
      seats('Galería', 5_000)
    ]
  },
  vertigo: {
    ...ARENA,
    title: 'Circo Austral: Vértigo',
    genre: 'Circo',
    description: {
      es: 'Veintidós acróbatas, ninguna red a la vista y una sola pregunta: ¿cuánto pesa el aire? Circo contemporáneo con música en vivo. La cancha queda para los artistas.',
      en: 'Twenty-two acrobats, no net in sight and one question: what does air weigh? Contemporary circus with live music. The floor belongs to the performers.'
    },
    inDays: 75,
    at: '20:00',
    serviceFeePerTicketClp: 2_000,
    ticketTypes: ARENA_TYPES,
    prices: [family('Platea Baja Frontal', 39_000), family('Platea Baja', 33_000), family('Platea Alta', 19_000)]
  },
  'cordillera-viva': {
    ...STADIUM,
    title: 'Festival Cordillera Viva',
    genre: 'Festival',
    description: {
      es: 'Doce horas, tres escenarios y la cordillera de fondo. La venta todavía no comienza: la fecha está en esta página. Habrá lugares de pie en la cancha y asientos numerados.',
      en: 'Twelve hours, three stages and the mountains behind them. Tickets are not on sale yet: the date is on this page. There will be standing places on the pitch and numbered seats.'
    },
    inDays: 140,
    at: '12:00',
    salesInDays: 60,
    serviceFeePerTicketClp: 4_000,
    prices: [
      { category: 'Pacífico Bajo', priceClp: 68_000 },
      { category: 'Andes Bajo', priceClp: 62_000 },
      { category: 'Galería', priceClp: 38_000 }
    ],
    zones: [{ name: 'Cancha', capacity: 20_000, priceClp: 55_000 }]
  },
  [SOLD_OUT]: {
    ...THEATRE,
    title: 'Ensayo abierto: detrás del telón',
    genre: 'Teatro',
    description: {
      es: 'Veinticuatro personas recorren el teatro de noche: foso, parrilla, sastrería y, al final, diez minutos de ensayo desde el escenario.',
      en: 'Twenty-four people walk through the theatre at night: pit, grid, wardrobe and, at the end, ten minutes of rehearsal seen from the stage.'
    },
    inDays: 16,
    at: '20:30',
    serviceFeePerTicketClp: 500,
    prices: [],
    zones: [{ name: 'Recorrido', capacity: 24, priceClp: 6_000 }]
  }
}
