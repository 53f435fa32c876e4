import PostalMime, { type Address, type Email } from 'postal-mime'

/** A mail as the list shows it. */
export interface Mail {
  id: string
  receivedAt: string
  from: string
  /** Whom the envelope names: who really got it. */
  to: string[]
  subject: string
  messageId: string
  attachments: Array<{ name: string; type: string; size: number }>
}

/** A mail as it is read. */
export interface Letter {
  text: string
  html: string
  headers: Array<{ key: string; value: string }>
  attachments: Array<{ name: string; type: string; content: Buffer }>
}

const SUBJECT_CHARACTERS_MAX = 500

export interface Envelope {
  from: string
  to: string[]
}

/** What the list keeps of a mail; a mail without a Message-ID is told apart by our id. */
export async function summaryOf(id: string, receivedAt: Date, { from, to }: Envelope, raw: Buffer): Promise<Mail> {
  const mail = await PostalMime.parse(raw)
  return {
    id,
    receivedAt: receivedAt.toISOString(),
    from: nameOf(mail.from) || from,
    to,
    subject: (mail.subject ?? '').slice(0, SUBJECT_CHARACTERS_MAX),
    messageId: mail.messageId ?? id,
    attachments: attachmentsOf(mail).map(({ name, type, content }) => ({ name, type, size: content.length }))
  }
}

export async function letterOf(raw: Buffer): Promise<Letter> {
  const mail = await PostalMime.parse(raw)
  return {
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: mail.headers.map(({ originalKey, value }) => ({ key: originalKey, value })),
    attachments: attachmentsOf(mail)
  }
}

/** Every http address in it, once, in order. */
export function linksOf({ text, html }: Pick<Letter, 'text' | 'html'>): string[] {
  const inText = [...text.matchAll(/https?:\/\/[^\s<>"')\]]+/g)].map(([url]) => url)
  const inHtml = [...html.matchAll(/href="(https?:\/\/[^"]+)"/gi)].map(([, url]) => url!.replaceAll('&amp;', '&'))
  return [...new Set([...inText, ...inHtml])]
}

function attachmentsOf({ attachments }: Email): Letter['attachments'] {
  return attachments.map(({ filename, mimeType, content }, i) => ({
    name: filename ?? `adjunto-${i + 1}`,
    type: mimeType,
    content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer)
  }))
}

function nameOf(address: Address | undefined): string {
  if (!address) return ''
  return address.name ? `${address.name} <${address.address ?? ''}>` : (address.address ?? '')
}
