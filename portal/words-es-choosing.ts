const plural = (n: number, one: string, many: string) => `${n}\u00a0${n === 1 ? one : many}`

/** The words of a show and its seats: everything before something is held. */
export const CHOOSING_ES = {
  show: {
    when: 'Cuándo',
    doors: (time: string) => `Puertas desde las ${time}`,
    where: 'Dónde',
    fee: 'Cargo por servicio',
    feePerTicket: (fee: string) => `${fee} por entrada`,
    noFee: 'Sin cargo por servicio',
    limits: 'Máximo',
    limit: (max: number) => `Hasta ${plural(max, 'entrada', 'entradas')} por compra.`,
    limitPerBuyer: (max: number) => `Hasta ${plural(max, 'entrada', 'entradas')} por persona, con el mismo correo.`,
    mapHeading: 'Elige un sector',
    mapHint: 'Toca un sector del plano o elígelo en la lista.',
    mapLabel: (venue: string) => `Plano de ${venue}`,
    listHeading: 'Sectores y precios',
    price: 'Precio',
    zonesHeading: 'Entradas generales',
    zonesHint: 'Sin asiento numerado.',
    quantity: (zone: string) => `Cantidad para ${zone}`,
    quantityOf: (zone: string, type: string) => `Cantidad para ${zone}, ${type}`,
    hold: 'Reservar entradas',
    notOnSale: {
      soon: (moment: string) => `La venta comienza el ${moment}. Vuelve a esta página ese día.`,
      over: 'La venta de esta función terminó.',
      soldOut: 'Las entradas están agotadas. Si alguien suelta su reserva, aparecerán aquí.'
    }
  },

  best: {
    heading: 'Mejores asientos',
    lead: 'Dinos cuántos son y te reservamos los mejores lugares que queden juntos.',
    quantity: 'Entradas',
    where: 'Dónde',
    anywhere: 'Donde sea mejor',
    byPrice: 'Por precio',
    bySection: 'Por sector',
    choice: (name: string, price: string) => `${name} (${price})`,
    wheelchairs: 'Sillas de ruedas',
    noWheelchair: 'Ninguna',
    party: (chairs: number, companions: number) =>
      `${plural(chairs, 'silla', 'sillas')} de ruedas${companions > 0 ? ` + ${plural(companions, 'acompañante', 'acompañantes')}` : ''}`,
    wheelchairHint: 'Las demás entradas son de acompañantes, que se sientan al lado.',
    find: 'Buscar y reservar',
    orChoose: 'O elige tú en el plano'
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
    typePrice: (type: string, price: string) => `${type} ${price}`,
    taken: 'Ocupado',
    chosen: 'Elegido',
    kinds: { accessible: 'Espacio para silla de ruedas', companion: 'Acompañante de silla de ruedas' },
    companionHint: 'Los asientos de acompañante se venden junto con el espacio para silla de ruedas de al lado.',
    companionAlone: 'Ese asiento es de acompañante: elige también el espacio para silla de ruedas de al lado.',
    noneFree: 'Este sector está agotado.',
    summary: 'Tu selección',
    noneChosen: 'Aún no eliges asientos.',
    total: 'Total con cargo por servicio',
    hold: 'Reservar asientos',
    limit: (max: number) => `Puedes elegir hasta ${plural(max, 'asiento', 'asientos')} por compra.`,
    limitReached: (max: number) => `Ya elegiste ${plural(max, 'asiento', 'asientos')}, el máximo por compra.`,
    carried: 'Conservamos los asientos que seguían libres.'
  },

  types: {
    title: 'Tipos de entrada',
    heading: '¿Para quién es cada asiento?',
    lead: 'Elige el tipo de cada entrada. Sin elegir, es el precio completo.',
    of: (place: string) => `Tipo de entrada: ${place}`,
    option: (type: string, price: string) => `${type}, ${price}`,
    unpicked: (type: string) => `Los asientos son de tipo ${type}, salvo que elijas otro.`,
    pick: 'Elegir tipos de entrada',
    show: 'Ver y elegir tipos'
  }
}
