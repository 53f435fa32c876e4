import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyCookie from '@fastify/cookie'
import fastifyFormbody from '@fastify/formbody'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import fastifyView from '@fastify/view'
import ejs from 'ejs'
import type { FastifyInstance } from 'fastify'
import { LANGUAGE_COOKIE } from './render.ts'
import { onlyOwnForms, onlyPublicHost } from './same-origin.ts'

const VIEWS = fileURLToPath(new URL('views/', import.meta.url))
const PUBLIC = fileURLToPath(new URL('public/', import.meta.url))
const FONTS = join(dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/inter'))), 'files')
const FONT_FILE = /inter-latin(-ext)?-wght-normal\.woff2$/
const YEAR_SECONDS = 365 * 24 * 60 * 60
const MAX_FIELDS = 200
/** Every name a template may use. */
const LOCALS = ['words', 'page', 'frame', 'body', 'version', 'publicUrl', 'poster', 'map', 'open', 'best', 'line']

/** What every page has: templates, style, language, cookies, and headers that allow nothing but our own. */
export async function dressSite(app: FastifyInstance, publicUrl: string, cookieSecret: string): Promise<void> {
  await app.register(fastifyCookie, { secret: cookieSecret })
  await app.register(fastifyFormbody, { parser: parseForm })
  await app.register(fastifyHelmet, headers())
  await app.register(fastifyView, {
    engine: { ejs },
    root: VIEWS,
    layout: 'layout.ejs',
    viewExt: 'ejs',
    production: true,
    options: { views: [VIEWS], cache: true, _with: false, destructuredLocals: LOCALS }, // a `with` around everything is slow
    defaultContext: { version: await versionOf(PUBLIC), publicUrl }
  })
  const forEver = { maxAge: YEAR_SECONDS * 1_000, immutable: true, index: false } as const
  await app.register(fastifyStatic, { root: PUBLIC, prefix: '/estatico/', ...forEver })
  await app.register(fastifyStatic, {
    root: FONTS,
    prefix: '/letras/',
    decorateReply: false,
    allowedPath: (path) => FONT_FILE.test(path),
    ...forEver
  })
  app.addHook('onRequest', onlyPublicHost(publicUrl))
  app.addHook('onRequest', onlyOwnForms)
  app.addHook('onRequest', async (request, reply) => {
    const { lang } = request.query as { lang?: unknown }
    if (lang === 'es' || lang === 'en')
      reply.setCookie(LANGUAGE_COOKIE, lang, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true })
  })
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (String(reply.getHeader('content-type')).startsWith('text/html')) reply.header('vary', 'cookie, accept-language')
  })
}

/** Everything a page may load and where its forms may go; the bank is added on the one page that leads there. */
export function policy(bankOrigins: string[] = []) {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'", ...bankOrigins],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"]
    }
  }
}

function headers() {
  return {
    contentSecurityPolicy: policy(),
    referrerPolicy: { policy: 'same-origin' as const }, // «no-referrer» would also hide from us that a form is ours
    strictTransportSecurity: false as const // the gateway's to say, where there is TLS
  }
}

/** Names and values as text; a name that stands twice is a list. */
function parseForm(body: string): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null)
  for (const [name, value] of [...new URLSearchParams(body)].slice(0, MAX_FIELDS)) {
    const known = fields[name]
    fields[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value]
  }
  return fields
}

/** Changes when a file of `public` does: addresses carry it, so that browsers may keep the files for ever. */
async function versionOf(directory: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(directory)).sort()) hash.update(await readFile(join(directory, name)))
  return hash.digest('hex').slice(0, 10)
}
