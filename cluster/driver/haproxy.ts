import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Component } from '../topology.ts'
import { binary, userOf } from './host.ts'
import type { Launch } from './launch.ts'
import { MOMENT_PAGE, SLOW_DOWN_PAGE, TOO_LARGE_PAGE } from './pages.ts'

const BODY_BYTES_MAX = 64 * 1024
/** What one address may send in ten seconds: many buyers share an office's address, none of them clicks this fast. */
const COMMANDS_MAX = 400
const CONNECTIONS_MAX = 4_000
/** What one address may hold open at once, so that nobody takes them all; whole offices come from one address. */
const ADDRESS_CONNECTIONS_MAX = 500
/** A page that waits for news is told something at least this often, or its connection is closed. */
const SILENCE_SECONDS_MAX = 60
/** How late a portal may be to say that it lives. */
const CHECK_SECONDS_MAX = 3
/** Requests in one portal at a time: as many as come while a failover makes them wait. */
const PORTAL_REQUESTS_MAX = 1_000
/** As long as a page may take, so that whoever waits outside is not turned away before those inside. */
const QUEUE_SECONDS_MAX = 20
/** Whatever is sent here carries an id made by its page, or the bank's token: sent twice, it is one thing. Asking for lost tickets is not among it. */
const REPEATABLE = ['/compras', '/pago/retorno']

/** The only door to the outside: it spreads buyers over the portals, and trusts nothing that they say about themselves. */
export function launchHaproxy({ name, ports, settings }: Component, addresses: string[], directory: string): Launch {
  const home = join(directory, 'data', name)
  mkdirSync(home, { recursive: true })
  chmodSync(home, 0o755)
  for (const [file, page] of Object.entries({ moment: MOMENT_PAGE, 'slow-down': SLOW_DOWN_PAGE, 'too-large': TOO_LARGE_PAGE })) {
    writeFileSync(join(home, `${file}.html`), page)
  }
  const path = join(home, 'haproxy.cfg')
  const portals = settings.PORTALS!.split(',').map((url) => new URL(url).host)
  writeFileSync(
    path,
    configurationOf(
      home,
      addresses.map((address) => `${address}:${ports[0]}`),
      portals
    )
  )
  return { command: binary('haproxy'), args: ['-db', '-f', path], user: userOf('haproxy'), cwd: home, env: {} }
}

function configurationOf(home: string, binds: string[], portals: string[]): string {
  return `global
  maxconn ${CONNECTIONS_MAX}
  log stdout format raw local0 notice
  hard-stop-after 5s

defaults
  mode http
  log global
  option dontlog-normal
  option redispatch 1
  option http-buffer-request
  timeout connect 2s
  timeout client ${SILENCE_SECONDS_MAX}s
  timeout server ${SILENCE_SECONDS_MAX}s
  timeout queue ${QUEUE_SECONDS_MAX}s
  timeout http-request 10s
  timeout http-keep-alive 15s
  # A portal that is gone refuses at once; one that is slow is not gone, and nobody would be left when all are slow.
  timeout check ${CHECK_SECONDS_MAX}s
${[500, 502, 503, 504].map((status) => `  http-error status ${status} content-type "text/html; charset=utf-8" file ${home}/moment.html hdr Retry-After 5 hdr Cache-Control no-store`).join('\n')}

backend connections_by_address
  stick-table type ipv6 size 100k expire 60s store conn_cur

frontend shop
${binds.map((bind) => `  bind ${bind}`).join('\n')}
  tcp-request connection track-sc1 src table connections_by_address
  tcp-request connection reject if { sc_conn_cur(1) gt ${ADDRESS_CONNECTIONS_MAX} }
  acl command method POST PUT DELETE PATCH
  stick-table type ipv6 size 100k expire 60s store http_req_rate(10s)
  http-request track-sc0 src if command
  http-request return status 429 content-type "text/html; charset=utf-8" file ${home}/slow-down.html hdr Retry-After 10 hdr Cache-Control no-store if command { sc_http_req_rate(0) gt ${COMMANDS_MAX} }
  http-request return status 413 content-type "text/html; charset=utf-8" file ${home}/too-large.html if { req.body_size gt ${BODY_BYTES_MAX} }
  http-request deny deny_status 404 if { path,url_dec /readyz /metrics }
  http-request del-header Forwarded
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Request-Id %[uuid()]
  # How long a portal keeps its connection says nothing about ours: a browser that believed it would use one that is gone.
  http-response del-header Keep-Alive
  default_backend portals

backend portals
  balance leastconn
  # Only what may be sent twice is. A connection that was never made is no sending.
  retries 2
  retry-on conn-failure empty-response junk-response
  acl repeatable path_beg ${REPEATABLE.join(' ')}
  http-request disable-l7-retry unless METH_GET or repeatable
  # Whether the process answers, not whether all behind it does: without orchestrators the catalogue is still shown.
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host portal
  http-check expect status 200
  default-server check inter 500ms fall 2 rise 1 maxconn ${PORTAL_REQUESTS_MAX}
${portals.map((host, index) => `  server portal-${index + 1} ${host}`).join('\n')}
`
}
