import { PURCHASE_ES } from './words-es-purchase.ts'

const NUMBER = new Intl.NumberFormat('es-CL', { useGrouping: true, minimumIntegerDigits: 1 })

/** With points from four digits on, which the language alone would leave out. */
const grouped = (value: number) => NUMBER.format(value).replace(/^(\d)(\d{3})$/, '$1.$2')
const money = (clp: number) => (clp === 0 ? 'Gratis' : `$\u00a0${grouped(clp)}`)
const plural = (n: number, one: string, many: string) => `${grouped(n)}\u00a0${n === 1 ? one : many}`

export const ES = {
  language: 'es' as 'es' | 'en',
  locale: 'es-CL',
  money,
  amount: (clp: number) => `$\u00a0${grouped(clp)}`,
  priceRange: (from: number, to: number) => (from === to ? money(from) : `${money(from)} a ${money(to)}`),
  from: (clp: number) => (clp === 0 ? 'Gratis' : `Desde ${money(clp)}`),
  dayOf: (weekday: string, day: string, month: string, year: string) => `${weekday} ${day} de ${month} de ${year}`,
  shortDayOf: (day: string, month: string) => `${day} de ${month}`,
  timeOf: (time: string) => `${time}\u00a0h`,
  seenAgo: (seconds: number) =>
    Number.isFinite(seconds) ? `Disponibilidad vista hace ${Math.max(0, seconds)} s` : 'Disponibilidad sin hora conocida',
  freeOf: (free: number) => (free === 0 ? 'agotado' : plural(free, 'libre', 'libres')),
  tickets: (n: number) => plural(n, 'entrada', 'entradas'),
  seats: (n: number) => plural(n, 'asiento', 'asientos'),
  soldOut: 'Agotado',
  place: (section: string, row: string, seat: string) => (row || seat ? `${section}, fila\u00a0${row}, asiento\u00a0${seat}` : section),

  frame: {
    site: 'TicketFlow',
    tagline: 'Entradas para lo que viene',
    skip: 'Ir al contenido',
    catalogue: 'Cartelera',
    myTickets: 'Mis entradas',
    terms: 'Términos',
    privacy: 'Privacidad',
    otherLanguage: 'English',
    otherLanguageLabel: 'See this page in English',
    footer: 'Cada asiento se vende una sola vez. Cada compra termina en sus entradas y su boleta.',
    navLabel: 'Principal',
    footerLabel: 'Información'
  },

  catalogue: {
    title: 'Cartelera',
    heading: 'Próximas funciones',
    lead: 'Elige tu asiento en el plano, paga y recibe tus entradas por correo.',
    empty: 'Por ahora no hay funciones. Vuelve pronto.',
    states: {
      onSale: 'En venta',
      few: 'Últimas entradas',
      soldOut: 'Agotado',
      soon: (day: string) => `En venta desde el ${day}`,
      over: 'Venta terminada',
      free: 'Entrada liberada'
    }
  },

  show: {
    when: 'Cuándo',
    doors: (time: string) => `Puertas desde las ${time}`,
    where: 'Dónde',
    sale: 'Venta',
    saleUntil: (moment: string) => `Hasta el ${moment}`,
    fee: 'Cargo por servicio',
    feePerTicket: (fee: string) => `${fee} por entrada`,
    noFee: 'Sin cargo por servicio',
    mapHeading: 'Elige un sector',
    mapHint: 'Toca un sector del plano o elígelo en la lista.',
    mapLabel: (venue: string) => `Plano de ${venue}`,
    listHeading: 'Sectores y precios',
    sector: 'Sector',
    price: 'Precio',
    free: 'Disponibles',
    choose: 'Elegir asientos',
    zonesHeading: 'Entradas generales',
    zonesHint: 'Sin asiento numerado.',
    quantity: (zone: string) => `Cantidad para ${zone}`,
    hold: 'Reservar por 10 minutos',
    limit: (max: number) => `Hasta ${max} entradas por compra.`,
    notOnSale: {
      soon: (moment: string) => `La venta comienza el ${moment}. Vuelve a esta página ese día.`,
      over: 'La venta de esta función terminó.',
      soldOut: 'Las entradas están agotadas. Si alguien suelta su reserva, aparecerán aquí.'
    },
    legend: 'Precios por categoría'
  },

  section: {
    back: 'Volver al plano',
    heading: (section: string) => `Asientos en ${section}`,
    mapLabel: (section: string) => `Plano de asientos de ${section}`,
    mapHint: 'Toca los asientos que quieres. Con el teclado: flechas para moverte, espacio para elegir.',
    front: 'Adelante',
    zoom: 'Tamaño del plano',
    zoomIn: 'Acercar',
    zoomOut: 'Alejar',
    listHeading: 'Elegir por fila',
    row: (row: string) => `Fila ${row}`,
    seat: (seat: string) => `Asiento ${seat}`,
    rowPrice: (category: string, price: string) => `${category}, ${price}`,
    taken: 'Ocupado',
    chosen: 'Elegido',
    free: 'Libre',
    noneFree: 'Este sector está agotado.',
    summary: 'Tu selección',
    noneChosen: 'Aún no eliges asientos.',
    total: 'Total con cargo por servicio',
    hold: 'Reservar por 10 minutos',
    limit: (max: number) => `Puedes elegir hasta ${max} asientos por compra.`,
    limitReached: (max: number) => `Ya elegiste ${max} asientos, el máximo por compra.`,
    carried: 'Conservamos los asientos que seguían libres.'
  },

  ...PURCHASE_ES
}
