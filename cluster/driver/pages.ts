/** What a buyer reads when no portal can answer. The portal has all other words; these must not need it. */
export const MOMENT_PAGE = page(
  'Volvemos en un momento',
  'La tienda no responde ahora. Nada de lo que compraste se pierde: espera unos segundos y vuelve a intentarlo.',
  'Back in a moment',
  'The shop does not answer right now. Nothing you bought is lost: wait a few seconds and try again.'
)

export const SLOW_DOWN_PAGE = page(
  'Demasiadas solicitudes',
  'Llegaron muchas solicitudes desde tu conexión. Espera diez segundos y vuelve a intentarlo.',
  'Too many requests',
  'Many requests came from your connection. Wait ten seconds and try again.'
)

export const TOO_LARGE_PAGE = page(
  'El envío es demasiado grande',
  'El formulario enviado supera el tamaño que aceptamos.',
  'That is too large',
  'The form that was sent is larger than we accept.'
)

function page(title: string, text: string, titleInEnglish: string, textInEnglish: string): string {
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · TicketFlow</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.05rem/1.6 system-ui, sans-serif; color: #1d2430; background: #f6f7f9 }
main { max-width: 34rem; margin: 1.5rem; padding: 2rem; background: #fff; border: 1px solid #dfe3e8; border-radius: 12px }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 1.5rem 0 .25rem; padding-top: 1.25rem; border-top: 1px solid #dfe3e8; font-size: 1.1rem }
p { margin: 0 }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
<section lang="en">
<h2>${titleInEnglish}</h2>
<p>${textInEnglish}</p>
</section>
</main>
</body>
</html>
`
}
