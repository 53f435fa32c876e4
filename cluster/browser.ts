import { type Form, type Html, readHtml } from './html.ts'

export interface Page extends Html {
  url: string
  status: number
  bytes: Buffer
  contentType: string
}

export interface Browser {
  open: (url: string) => Promise<Page>
  send: (url: string, request: Request) => Promise<Page>
  /**
   * Sends a form as a person does: what it already holds, `filled` over it.
   *
   * @param button - The text of the button that is pressed; the first one, if not said.
   */
  submit: (page: Page, form: Form, filled?: Filled, button?: RegExp) => Promise<Page>
}

/** What no form of a page would send. */
interface Request {
  method: string
  body?: string | URLSearchParams
  headers?: Record<string, string>
}

/** A list is several fields of one name: the ticked ones of many boxes. */
export type Filled = Record<string, string | string[]>

const REDIRECTS_MAX = 8
const ANSWER_MS_MAX = 20_000

/** A browser without JavaScript, without pictures and with its own cookies. */
export function openBrowser(language = 'es'): Browser {
  let cookies: Cookie[] = []

  return {
    open: (url) => go(url, { method: 'GET' }),
    send: go,
    submit(page, form, filled = {}, button = /./) {
      const pressed = form.buttons.find(({ text }) => button.test(text))
      const url = new URL(pressed?.action ?? form.action, page.url)
      const body = new URLSearchParams([
        ...fieldsOf(form, filled),
        ...(pressed?.name ? [[pressed.name, pressed.value] as [string, string]] : [])
      ])
      if (form.method === 'POST') return go(url.href, { method: 'POST', body })
      url.search = body.toString()
      return go(url.href, { method: 'GET' })
    }
  }

  async function go(url: string, request: Request, redirects = 0): Promise<Page> {
    const response = await sent(url, {
      ...request,
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/pdf',
        'accept-language': language,
        cookie: cookieHeader(url),
        ...(request.method === 'GET' ? {} : { origin: new URL(url).origin }),
        ...request.headers
      },
      signal: AbortSignal.timeout(ANSWER_MS_MAX)
    })
    keepCookies(url, response.headers.getSetCookie())
    const location = response.headers.get('location')
    if (location === null || response.status < 300 || response.status > 399) return pageOf(url, response)
    await response.arrayBuffer()
    if (redirects === REDIRECTS_MAX) throw new Error(`${url} redirects for ever`)
    const again = response.status === 307 || response.status === 308
    return go(new URL(location, url).href, again ? request : { method: 'GET' }, redirects + 1)
  }

  function cookieHeader(url: string): string {
    const { hostname, pathname } = new URL(url)
    return cookies
      .filter(({ host, path }) => host === hostname && (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)))
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  function keepCookies(url: string, lines: string[]): void {
    for (const line of lines) {
      const cookie = cookieOf(new URL(url).hostname, line)
      cookies = cookies.filter(({ host, path, name }) => host !== cookie.host || path !== cookie.path || name !== cookie.name)
      if (!cookie.ended) cookies.push(cookie)
    }
  }
}

interface Cookie {
  host: string
  path: string
  name: string
  value: string
  ended: boolean
}

function cookieOf(host: string, line: string): Cookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const said = new Map(attributes.map((attribute) => [attribute.split('=')[0]!.toLowerCase(), attribute.split('=')[1] ?? '']))
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
  return { host, path: said.get('path') || '/', name, value, ended: said.get('max-age') === '0' }
}

/** A page that was asked for over a connection that had died is asked for again, as every browser does; a form is not sent twice. */
function sent(url: string, request: RequestInit): Promise<Response> {
  return fetch(url, request).catch((err: Error) => {
    if (request.method !== 'GET' || err.name === 'TimeoutError') throw err
    return fetch(url, request)
  })
}

async function pageOf(url: string, response: Response): Promise<Page> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const contentType = response.headers.get('content-type') ?? ''
  return { ...readHtml(/html/.test(contentType) ? bytes.toString() : ''), url, status: response.status, bytes, contentType }
}

function fieldsOf({ fields }: Form, filled: Filled): Array<[string, string]> {
  const untouched = fields
    .filter(
      ({ name, disabled, type, checked }) =>
        name && !disabled && !(name in filled) && (checked || (type !== 'checkbox' && type !== 'radio'))
    )
    .map(({ name, value }): [string, string] => [name, value])
  return [
    ...untouched,
    ...Object.entries(filled).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]))
  ]
}
