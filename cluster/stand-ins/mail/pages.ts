import { type Markup, markup, page } from '../markup.ts'
import { type Letter, linksOf, type Mail } from './read-mail.ts'
import { style } from './style.ts'

const moment = new Intl.DateTimeFormat('es-CL', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'America/Santiago' })

export interface Inbox {
  mails: Mail[]
  deliveries: ReadonlyMap<string, number>
  asked: { to?: string | undefined; subject?: string | undefined }
}

/** The newest mails, as rows to follow. */
export function inboxPage({ mails, deliveries, asked }: Inbox): string {
  const none = asked.to || asked.subject ? 'Ningún correo coincide.' : 'Todavía no llega ningún correo.'
  return page(
    'Bandeja de entrada',
    style,
    frame(markup`
    <h1>Bandeja de entrada</h1>
    <form class="search" role="search">
      <label>Para <input type="search" name="to" value="${asked.to ?? ''}" autocomplete="off"></label>
      <label>Asunto <input type="search" name="subject" value="${asked.subject ?? ''}" autocomplete="off"></label>
      <button>Buscar</button>
    </form>
    ${mails.length === 0 ? markup`<p class="empty">${none}</p>` : markup`<ol class="mails">${mails.map((mail) => row(mail, deliveries))}</ol>`}`)
  )
}

/** One mail. Its HTML is strange HTML: it is shown in a frame that may do nothing. */
export function mailPage(mail: Mail & { letter: Letter }, deliveries: number): string {
  const { letter, attachments } = mail
  const links = linksOf(letter)
  return page(
    mail.subject || 'Sin asunto',
    style,
    frame(markup`
    <p><a href="/">← Bandeja de entrada</a></p>
    <article>
      <h1>${mail.subject || 'Sin asunto'}${repeated(deliveries)}</h1>
      <dl>
        <div><dt>De</dt><dd>${mail.from}</dd></div>
        <div><dt>Para</dt><dd>${mail.to.join(', ')}</dd></div>
        <div><dt>Recibido</dt><dd>${moment.format(new Date(mail.receivedAt))}</dd></div>
        <div><dt>Message-ID</dt><dd class="code">${mail.messageId}</dd></div>
      </dl>
      ${attachments.length > 0 && markup`<ul class="files" aria-label="Adjuntos">${attachments.map((file, n) => attachment(mail.id, file, n))}</ul>`}
      ${letter.html !== '' && markup`<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${mail.id}/html" title="El correo"></iframe>`}
      ${letter.html === '' && markup`<pre>${letter.text}</pre>`}
    </article>
    ${letter.html !== '' && letter.text !== '' && markup`<details><summary>Texto sin formato</summary><pre>${letter.text}</pre></details>`}
    ${links.length > 0 && markup`<details><summary>Enlaces (${links.length})</summary><ul>${links.map((link) => markup`<li><a href="${link}">${link}</a></li>`)}</ul></details>`}
    <details><summary>Encabezados</summary><pre>${letter.headers.map(({ key, value }) => `${key}: ${value}\n`)}</pre></details>`)
  )
}

function row({ id, from, to, subject, receivedAt, attachments, messageId }: Mail, deliveries: ReadonlyMap<string, number>): Markup {
  const files = attachments.length === 1 ? '1 adjunto' : `${attachments.length} adjuntos`
  return markup`<li><a href="/messages/${id}">
    <span class="to">${to.join(', ')}</span>
    <time datetime="${receivedAt}">${moment.format(new Date(receivedAt))}</time>
    <strong>${subject || 'Sin asunto'}${repeated(deliveries.get(messageId) ?? 1)}</strong>
    <span class="soft">${from}${attachments.length > 0 && ` · ${files}`}</span>
  </a></li>`
}

function repeated(deliveries: number): Markup | false {
  return deliveries > 1 && markup` <span class="repeat">entregado ${deliveries} veces</span>`
}

function attachment(id: string, { name, type, size }: Mail['attachments'][number], n: number): Markup {
  return markup`<li><a href="/api/messages/${id}/attachments/${n}"><span>${name}</span><span class="soft">${type} · ${kilobytes(size)}</span></a></li>`
}

function kilobytes(size: number): string {
  return `${Math.ceil(size / 1_000).toLocaleString('es-CL')} kB`
}

function frame(content: Markup): Markup {
  return markup`<header><a href="/">Correo de pruebas</a><span class="badge">Simulador</span></header><main>${content}</main>`
}
