import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describe } from './describe.ts'
import { ROOT } from './instance.ts'
import { withDiagram } from './mermaid.ts'
import { processFaults } from './processes.ts'
import { CONNECTORS, type Connector } from './rules.ts'
import { components, faultsOf, type Ground, named } from './topology.ts'

t.test('the topology can run: nothing forbidden, no address twice, nobody waiting in a circle', async (t) => {
  t.strictSame(faultsOf(components(ground(7))), [])
})

t.test('a portal with a written database neither compiles nor validates', async (t) => {
  // @ts-expect-error pages may only read, and only from a standby
  const planted: Connector = { from: 'portal', via: 'postgres-write', to: 'postgres' }

  t.strictSame(faultsOf(components(ground(7)), [...CONNECTORS, planted]), ['portal may not reach postgres by postgres-write'])
})

t.test('pages that go round the orchestrator, and readers that take work, do not validate either', async (t) => {
  const planted = [
    { from: 'portal', via: 'http', to: 'reservation' },
    { from: 'portal', via: 'amqp', to: 'broker' },
    { from: 'billing', via: 'mariadb-write', to: 'mariadb' },
    { from: 'reservation', via: 'mariadb-write', to: 'mariadb' },
    { from: 'nobody', via: 'http', to: 'portal' },
    { from: 'gateway', via: 'telepathy', to: 'portal' }
  ]

  t.equal(faultsOf([], planted).length, planted.length)
})

t.test('two on one address, one who waits for nobody there, and two who wait for each other are told', async (t) => {
  const all = components(ground(7))
  const [portal, other] = named(all, ['portal-1', 'portal-2'])

  t.match(faultsOf([portal!, { ...other!, address: portal!.address }]).join(), 'portal-2 and portal-1 both listen on 127.7.2.1:3000')
  t.match(faultsOf([{ ...portal!, after: ['ghost'] }]).join(), 'portal-1 waits for ghost, which does not exist')
  t.match(
    faultsOf([
      { ...portal!, after: ['portal-2'] },
      { ...other!, after: ['portal-1'] }
    ]).join(),
    'these wait for each other: portal-1, portal-2'
  )
})

t.test('no two instances share an address', async (t) => {
  const places = [1, 2].flatMap((instance) =>
    components(ground(instance)).flatMap(({ address, ports }) => ports.map((port) => `${address}:${port}`))
  )

  t.equal(new Set(places).size, places.length)
})

t.test('a name means a component, a kind, or every process of a room', async (t) => {
  const all = components(ground(7))
  const names = (...given: string[]) => named(all, given).map(({ name }) => name)

  t.strictSame(names('pg2'), ['pg2'])
  t.strictSame(names('portal'), ['portal-1', 'portal-2'])
  t.strictSame(names('billing-service'), ['billing-primary', 'billing-replica', 'issue-1', 'issue-2', 'deliver'])
  t.strictSame(names('issue', 'issue-1'), ['issue-1', 'issue-2'])
  t.throws(() => names('bill'), /there is no component bill; there are: gateway, /)
})

t.test('every process file is run, and everything that is run exists', async (t) => {
  t.strictSame(processFaults(ROOT), [])
})

t.test('ARCHITECTURE.md shows this topology', async (t) => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')

  t.equal(withDiagram(text), text, 'npm run diagram')
})

t.test('what other commands are told names every node and the right roles', async (t) => {
  const { url, postgresUrls, mariadbUrls } = describe(ground(7), components(ground(7)))

  t.equal(url, 'http://127.7.1.1:8080')
  t.equal(postgresUrls.owner, 'postgres://owner:pg-owner@127.7.6.1:5432,127.7.6.2:5432,127.7.6.3:5432/ticketflow')
  t.equal(mariadbUrls.replica, 'mysql://reader:maria-reader@127.7.7.2:3306/billing')
})

function ground(instance: number): Ground {
  const words = (prefix: string, ...names: string[]) => Object.fromEntries(names.map((name) => [name, `${prefix}-${name}`]))
  const secrets = {
    postgres: words('pg', 'superuser', 'replicator', 'owner', 'control', 'selling', 'purchase', 'relay', 'catalogue'),
    mariadb: words('maria', 'root', 'owner', 'replicator', 'writer', 'reader'),
    tokens: words('token', 'portalToOrchestrator', 'orchestratorToReservation', 'orchestratorToBilling', 'orchestratorToRelay', 'agent'),
    bank: { commerceCode: '597055555532', apiKey: 'key' },
    ...words('secret', 'broker', 'erlangCookie', 'operatorToken', 'cookieSecret', 'linkSecret')
  } as unknown as Ground['secrets']
  return { instance, directory: '/instance', secrets, postgresBin: '/bin' }
}
