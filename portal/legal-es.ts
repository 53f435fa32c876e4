/** What buyers agree to. A change here is a new version in legal.ts. */
export const LEGAL_ES = {
  terms: {
    heading: 'Términos y condiciones',
    sections: [
      {
        heading: 'Qué compras',
        text: 'Una entrada da derecho a entrar una vez a la función que indica, en el asiento o zona que indica. El precio y el cargo por servicio se muestran antes de pagar, en pesos chilenos y con impuestos incluidos.'
      },
      {
        heading: 'La reserva',
        text: 'Los asientos que eliges quedan reservados para ti por el tiempo que muestra la página de pago, y puedes pedir más tiempo una vez. Si no pagas en ese plazo, vuelven a la venta. Algunas funciones tienen un máximo de entradas por compra y por persona; la página de la función lo dice. Cada asiento se vende una sola vez.'
      },
      {
        heading: 'El pago',
        text: 'Pagas con Webpay Plus en el sitio del banco. Si un pago llega cuando tus asientos ya no están disponibles, lo devolvemos completo por el mismo medio.'
      },
      {
        heading: 'Tus documentos',
        text: 'Por cada compra pagada emitimos una boleta y una entrada por asiento. Llegan a tu correo y quedan en la página de tu compra. Cada entrada lleva un código firmado que se revisa en la puerta y vale para un solo ingreso: no compartas copias.'
      },
      {
        heading: 'Si la función cambia',
        text: 'Si una función se cancela, devolvemos el valor completo de tus entradas y el cargo por servicio. Si cambia de fecha o lugar, puedes pedir la devolución antes de la nueva fecha. Esto no limita los derechos que te da la Ley 19.496 de protección de los consumidores.'
      },
      {
        heading: 'Retracto',
        text: 'Conforme al artículo 3 bis de la Ley 19.496, las entradas a espectáculos con fecha y lugar determinados no admiten retracto una vez confirmada la compra, salvo que la función cambie o se cancele.'
      }
    ]
  },
  privacy: {
    heading: 'Política de privacidad',
    sections: [
      {
        heading: 'Qué datos usamos',
        text: 'Tu nombre, tu correo y, si lo entregas, tu RUT. Además guardamos qué compraste, cuándo, y qué versión de estos textos aceptaste. No vemos ni guardamos los datos de tu tarjeta.'
      },
      {
        heading: 'Para qué',
        text: 'Para emitir tus entradas y tu boleta, enviártelas, ayudarte si las pierdes y, donde hay un máximo de entradas por persona, contar las tuyas por tu correo. No los usamos para publicidad ni los vendemos.'
      },
      {
        heading: 'Con quién los compartimos',
        text: 'Con el banco, lo necesario para el pago; con el Servicio de Impuestos Internos, lo que exige la boleta. Con nadie más.'
      },
      {
        heading: 'Cuánto tiempo',
        text: 'Los documentos tributarios se guardan por el plazo que fija la ley. Puedes pedir que se supriman los demás.'
      },
      {
        heading: 'Cookies',
        text: 'Usamos solo las necesarias: una por cada compra, para que solo tu navegador vea sus entradas, y una para recordar el idioma. No hay cookies de terceros ni medición.'
      },
      {
        heading: 'Tus derechos',
        text: 'Puedes pedir acceso, rectificación, supresión, oposición o portabilidad de tus datos, conforme a las leyes 19.628 y 21.719, escribiendo a privacidad@ticketflow.example.'
      }
    ]
  }
}
