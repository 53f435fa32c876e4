import { createServer, type IncomingMessage } from 'node:http'
import type { Test } from 'tap'

/** For tests: what a buyer does at the bank's page, and a wire to the bank that can be cut. */
export interface Wire {
  url: string
  /** Every call that went over the wire: `PUT /rswebpay…`. */
  calls: string[]
  /** `lose`: the bank does it and nobody hears of it. `cut`: the bank never hears of it. Until {@link Wire.mend}. */
  trouble: (kind: 'lose' | 'cut', ...methods: string[]) => void
  /** From now on this share of calls is lost or cut, by the throw of `random`. */
  flaky: (share: number, random: () => number) => void
  mend: () => void
}

export async function givenWire(t: Test, address: string, bankUrl: string): Promise<Wire> {
  let lost: string[] = []
  let cut: string[] = []
  let chance = () => 1
  let share = 0
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    const luck = chance()
    if (cut.includes(method) || luck < share / 2) return void request.socket.destroy()
    calls.push(`${method} ${url}`)
    const answer = await fetch(bankUrl + url, { method, headers: headersOf(request), ...(await bodyOf(request)) }).catch(() => undefined)
    const text = await answer?.text()
    if (!answer || lost.includes(method) || luck < share) return void request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(8080, address, resolve))
  t.teardown(() => server.close())
  return {
    url: `http://${address}:8080`,
    calls,
    trouble: (kind, ...methods) => {
      if (kind === 'lose') lost = methods
      else cut = methods
    },
    flaky: (ofAll, random) => {
      share = ofAll
      chance = random
    },
    mend: () => {
      lost = cut = []
      share = 0
    }
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('tbk-') || name === 'content-type')
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}

async function bodyOf(request: IncomingMessage): Promise<{ body?: string }> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length > 0 ? { body: Buffer.concat(chunks).toString() } : {}
}

const BUTTONS = { approve: /aprobar/i, reject: /rechazar/i, abandon: /anular/i }

/** Opens the bank's page, presses a button, and gives what the bank sends back with the browser. */
export async function atBank(
  { url, token }: { url: string; token: string },
  decision: keyof typeof BUTTONS
): Promise<Record<string, string>> {
  const page = await post(url, { token_ws: token })
  const form = formsOf(page, url).find(({ html }) => BUTTONS[decision].test(html))
  if (!form) throw new Error(`the bank offers no way to ${decision}`)
  const button = [...form.html.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].find(([, , text = '']) => BUTTONS[decision].test(text))
  const pressed =
    button && attribute(button[1] ?? '', 'name') ? { [attribute(button[1] ?? '', 'name')]: attribute(button[1] ?? '', 'value') } : {}
  const action =
    button && attribute(button[1] ?? '', 'formaction') ? new URL(attribute(button[1] ?? '', 'formaction'), url).href : form.action
  const onward = await post(action, { ...form.fields, ...pressed })
  const back = formsOf(onward, url).find(({ fields }) => Object.keys(fields).some((name) => /^(token_ws|TBK_)/.test(name)))
  if (!back) throw new Error('the bank does not send the buyer back')
  return back.fields
}

/** A redirect back to the shop, where nobody listens here, is read like the form it replaces. */
async function post(url: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  const location = response.headers.get('location')
  if (!location) return response.text()
  const inputs = [...new URL(location, url).searchParams].map(([name, value]) => `<input name="${name}" value="${value}">`)
  return `<form action="${location}">${inputs.join('')}</form>`
}

function formsOf(page: string, url: string) {
  return [...page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', html = '']) => ({
    html,
    action: new URL(attribute(attributes, 'action') || url, url).href,
    fields: Object.fromEntries(
      [...html.matchAll(/<input([^>]*)>/g)].map(([, input = '']) => [attribute(input, 'name'), attribute(input, 'value')])
    )
  }))
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? ''
}
