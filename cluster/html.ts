/** What a browser without JavaScript can do with a page. */
export interface Html {
  title: string
  /** Everything a reader sees, on one line. */
  text: string
  forms: Form[]
  links: Link[]
}

export interface Form {
  action: string
  method: 'GET' | 'POST'
  fields: Field[]
  buttons: Button[]
}

export interface Field {
  name: string
  type: string
  value: string
  checked: boolean
  disabled: boolean
  required: boolean
  /** What a select offers; empty for every other field. */
  options: string[]
}

export interface Button {
  name: string
  value: string
  text: string
  /** Where this button sends the form instead, if anywhere. */
  action: string | undefined
}

export interface Link {
  href: string
  text: string
}

type Attributes = Record<string, string>

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi
const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
const UNSEEN = /<!--[\s\S]*?-->|<(script|style|svg|head|template)\b[\s\S]*?<\/\1\s*>/gi
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Reads the pages of our own servers: well-formed HTML, never repaired. */
export function readHtml(html: string): Html {
  const page: Html = { title: textOf(/<title[^>]*>([\s\S]*?)<\/title>/i.exec(html)?.[1] ?? ''), text: textOf(html), forms: [], links: [] }
  const byId = new Map<string, Form>()
  const body = html.replaceAll(/<!--[\s\S]*?-->|<(script|style|template)\b[\s\S]*?<\/\1\s*>/gi, '')
  const tags = [...body.matchAll(TAG)].map((tag) => ({
    closing: tag[1] !== '',
    name: tag[2]!.toLowerCase(),
    text: tag[3]!,
    end: tag.index + tag[0].length
  }))
  for (const [tag, at] of tags
    .filter(({ name, closing }) => name === 'form' && !closing)
    .map((tag) => [tag, attributesOf(tag.text)] as const)) {
    const form: Form = {
      action: at.action ?? '',
      method: at.method?.toUpperCase() === 'POST' ? 'POST' : 'GET',
      fields: [],
      buttons: []
    }
    page.forms.push(form)
    byId.set(at.id ?? `at ${tag.end}`, form)
  }
  let open: Form | undefined
  let opened = 0
  for (const tag of tags) {
    if (tag.name === 'form') open = tag.closing ? undefined : page.forms[opened++]
    else if (!tag.closing) take(tag)
  }
  return page

  function take({ name, text, end }: (typeof tags)[number]): void {
    const at = attributesOf(text)
    const inside = () => body.slice(end, body.toLowerCase().indexOf(`</${name}`, end))
    const form = at.form === undefined ? open : byId.get(at.form)
    if (name === 'a' && at.href !== undefined) page.links.push({ href: at.href, text: textOf(inside()) })
    if (!form) return
    if (name === 'button' || (name === 'input' && at.type === 'submit'))
      form.buttons.push(buttonOf(at, name === 'button' ? textOf(inside()) : (at.value ?? '')))
    else if (name === 'input')
      form.fields.push(fieldOf(at, at.type?.toLowerCase() ?? 'text', at.value ?? (at.type === 'checkbox' ? 'on' : '')))
    else if (name === 'textarea') form.fields.push(fieldOf(at, 'textarea', textOf(inside())))
    else if (name === 'select') form.fields.push(selectOf(at, inside()))
  }
}

function buttonOf(at: Attributes, text: string): Button {
  return { name: at.name ?? '', value: at.value ?? '', text, action: at.formaction }
}

function fieldOf(at: Attributes, type: string, value: string): Field {
  return {
    name: at.name ?? '',
    type,
    value,
    checked: 'checked' in at,
    disabled: 'disabled' in at,
    required: 'required' in at,
    options: []
  }
}

function selectOf(at: Attributes, inside: string): Field {
  const options = [...inside.matchAll(/<option\b((?:[^>"']|"[^"]*"|'[^']*')*)>([^<]*)/gi)].map(([, text, shown]) => {
    const attributes = attributesOf(text!)
    return { value: attributes.value ?? textOf(shown!), selected: 'selected' in attributes, disabled: 'disabled' in attributes }
  })
  const offered = options.filter(({ disabled }) => !disabled)
  const chosen = offered.find(({ selected }) => selected) ?? offered[0]
  return { ...fieldOf(at, 'select', chosen?.value ?? ''), options: offered.map(({ value }) => value) }
}

function attributesOf(text: string): Attributes {
  return Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name, a, b, c]) => [name!.toLowerCase(), unescaped(a ?? b ?? c ?? '')]))
}

function textOf(html: string): string {
  return unescaped(html.replaceAll(UNSEEN, ' ').replaceAll(TAG, ' ')).replaceAll(/\s+/g, ' ').trim()
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex: string, decimal: string, name: string) => {
    if (hex || decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal))
    return ENTITIES[name.toLowerCase()] ?? whole
  })
}
