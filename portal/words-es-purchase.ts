/** The words of a purchase from its hold to its documents. */
export const PURCHASE_ES = {
  checkout: {
    title: 'Pagar',
    heading: 'Confirma y paga',
    lines: 'Tus entradas',
    fee: 'Cargo por servicio',
    total: 'Total',
    heldUntil: (time: string, minutes: number) =>
      `Reservado para ti hasta las ${time}: ${minutes > 1 ? `quedan unos ${minutes}\u00a0minutos` : 'queda poco más de un minuto o menos'}.`,
    heldFor: 'Tiempo para pagar',
    minuteLeft: 'Queda un minuto para pagar.',
    release: 'Soltar la reserva',
    more: 'Necesito más tiempo',
    moreHint: 'Se puede pedir una vez.',
    buyer: 'Tus datos',
    name: 'Nombre y apellido',
    email: 'Correo electrónico',
    emailHint: 'Aquí llegan tus entradas. Revísalo bien.',
    rut: 'RUT (opcional)',
    rutHint: 'Para tu boleta. Con o sin puntos.',
    acceptBefore: 'Acepto los',
    terms: 'términos y condiciones',
    and: 'y la',
    privacy: 'política de privacidad',
    versionOf: (day: string) => `(versión del ${day})`,
    pay: (amount: string) => `Pagar ${amount}`,
    payFree: 'Confirmar entradas gratis',
    secure: 'Pagas en el sitio seguro de Webpay. No vemos los datos de tu tarjeta.',
    errorsHeading: 'Revisa estos datos',
    errors: {
      name: 'Escribe tu nombre y apellido.',
      email: 'Escribe un correo válido, como nombre@ejemplo.cl.',
      rut: 'Ese RUT no calza con su dígito verificador. Corrígelo o deja el campo vacío.',
      consent: 'Para comprar debes aceptar los términos y la política de privacidad.'
    },
    extended: (time: string) => `Listo: tienes tiempo hasta las ${time}.`,
    notices: {
      rejected: 'El banco rechazó el pago. No se hizo ningún cobro. Puedes intentarlo otra vez mientras dure tu reserva.',
      abandoned: 'Dejaste el pago sin terminar. No se hizo ningún cobro. Tu reserva sigue aquí.',
      paying: 'Hay un pago comenzado. Si ya pagaste, espera: lo confirmamos solos. Si no, puedes pagar de nuevo.',
      found: 'Estos son los mejores asientos que encontramos. Ya están reservados para ti.',
      PAYMENT_ATTEMPTS: 'Intentaste pagar demasiadas veces. Suelta la reserva y comienza de nuevo.'
    }
  },

  bank: {
    title: 'Ir a pagar',
    heading: 'Te llevamos al banco',
    text: 'Si no pasa nada en unos segundos, presiona el botón.',
    go: 'Continuar a Webpay'
  },

  confirming: {
    title: 'Confirmando',
    heading: 'Estamos confirmando tu compra',
    text: 'Todavía no tenemos la respuesta. Puede tardar unos segundos. No compres de nuevo: esta página se actualiza sola y no se cobra dos veces.',
    holdHeading: 'Estamos confirmando tu reserva',
    holdText: 'Todavía no tenemos la respuesta. Volvemos a preguntar con la misma reserva: no se duplica.',
    refundingHeading: 'Estamos devolviendo tu dinero',
    refundingText: 'Tu pago llegó, pero ya no podíamos entregar los asientos. La devolución está en camino.',
    again: 'Preguntar de nuevo'
  },

  order: {
    title: 'Compra exitosa',
    heading: 'Compra exitosa',
    code: 'Tu número de orden',
    thanks: (email: string) => `Enviaremos tus entradas y tu boleta a ${email}.`,
    thanksFree: (email: string) => `Enviaremos tus entradas a ${email}.`,
    documents: 'Documentos',
    pending: 'En proceso',
    pendingText: 'Tu compra está lista. Estamos preparando tus documentos; aparecerán aquí solos.',
    refresh: 'Actualizar',
    ready: 'Listos para descargar',
    receipt: (folio: string) => `Boleta N° ${folio}`,
    allTickets: 'Todas las entradas',
    ticket: (place: string) => `Entrada: ${place}`,
    download: 'Descargar',
    pdf: 'PDF',
    copy: 'Leído desde la réplica.',
    paid: 'Lo que pagaste',
    keep: 'Guarda tu número de orden. También recibes un enlace por correo para volver a esta página.'
  },

  ended: {
    expired: {
      title: 'Se acabó el tiempo de la reserva',
      text: 'Los asientos volvieron a la venta. No se hizo ningún cobro. Puedes elegir de nuevo.'
    },
    released: { title: 'Soltaste la reserva', text: 'Los asientos volvieron a la venta. No se hizo ningún cobro.' },
    refunded: {
      title: 'Te devolvimos el dinero',
      text: 'Tu pago llegó cuando los asientos ya no estaban disponibles, así que lo devolvimos completo. Lo verás en tu cuenta según los plazos de tu banco.'
    }
  },

  lost: {
    title: 'Mis entradas',
    heading: '¿Perdiste tus entradas?',
    text: 'Escribe el correo con que compraste y te enviaremos los enlaces a tus entradas.',
    email: 'Correo electrónico',
    emailError: 'Escribe un correo válido, como nombre@ejemplo.cl.',
    send: 'Enviar enlaces',
    sentHeading: 'Revisa tu correo',
    sentText: 'Si hay compras con esa dirección, en unos minutos llegará un correo con los enlaces. Mira también en el correo no deseado.'
  }
}
