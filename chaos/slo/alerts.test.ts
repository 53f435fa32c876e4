import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import { parse } from 'yaml'
import { answerMetrics, openMetrics } from '../../chassis/metrics.ts'
import { ROOT } from '../../cluster/instance.ts'
import { alertGroups, alertsFile, type Group, requestsMin } from './alerts.ts'
import { readObjectives } from './definitions.ts'
import { FOLDER } from './manifest.ts'

const SERVICE = 'reservation-service'
const objectives = readObjectives(join(ROOT, FOLDER))
const groups = alertGroups(objectives)
const rules = groups.flatMap(({ rules }) => rules)

t.test('every metric of a rule is one that the services export, or that a rule records', async (t) => {
  const metrics = openMetrics(SERVICE)
  const app = Fastify()
  answerMetrics(app, metrics)
  app.put('/holds/:holdId', async () => 'held')
  await app.inject({ method: 'PUT', url: '/holds/1' })
  const exported = (await app.inject('/metrics')).body
  await app.close()

  for (const { expr } of rules)
    for (const [, name, labels] of expr.matchAll(/(ticketflow_[a-z_]+)\{([^}]*)\}/g)) {
      t.ok(exported.includes(`\n${name}{`), `${name}`)
      const said = exported.split('\n').find((line) => line.startsWith(`${name}{`))!
      for (const [, label] of labels!.matchAll(/([a-z]+)(?:=|!=|=~)"/g)) t.ok(said.includes(`${label}="`), `${name} has the label ${label}`)
      t.ok(said.includes(`service="${SERVICE}"`))
    }
  for (const [, bound] of rules.flatMap(({ expr }) => [...expr.matchAll(/le="([^"]+)"/g)]))
    t.ok(exported.includes(`le="${bound}"`), `a bucket ends at ${bound}`)
})

t.test('every route of a rule is a door of the service', async (t) => {
  const { paths } = JSON.parse(readFileSync(join(ROOT, 'docs', 'openapi', `${SERVICE}.json`), 'utf8')) as { paths: Record<string, object> }
  const doors = Object.keys(paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'))
  const routes = rules.flatMap(({ expr }) => [...expr.matchAll(/route=~"([^"]+)"/g)].flatMap(([, routes]) => routes!.split('|')))

  t.ok(routes.length > 0)
  for (const route of routes) t.ok(doors.includes(route), route)
})

t.test('a budget that burns is told by two windows each, of what rules record', async (t) => {
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []))
  const burning = rules.filter(({ alert }) => alert && /Burns/.test(alert))

  t.equal(burning.length, 3 * groups.length)
  for (const { alert, expr, labels } of burning) {
    const windows = [...expr.matchAll(/(ticketflow:slo_bad_share:\w+)\{slo="([^"]+)"\} > ([0-9.]+) \* ([0-9.]+)/g)]
    t.equal(windows.length, 2, `${alert}`)
    t.ok(
      windows.every(([, name, slo]) => recorded.has(name!) && slo === labels.slo),
      `${alert}`
    )
  }
  t.match(
    burning.find(({ alert }) => alert === 'SloLatencyBurnsFast'),
    { expr: /:1h\{.* > 14\.4 \* 0\.01 and .*:5m\{.* > 14\.4 \* 0\.01$/, labels: { severity: 'page' } }
  )
  t.match(
    burning.find(({ alert }) => alert === 'SloErrorsBurnsSteadily'),
    { expr: /:6h\{.* > 6 \* 0\.0001 and .*:30m\{.* > 6 \* 0\.0001$/, labels: { severity: 'page' } }
  )
  t.match(
    burning.find(({ alert }) => alert === 'SloReservationBurnsSlowly'),
    { expr: /:3d\{.* > 1 \* 0\.001 and .*:6h\{.* > 1 \* 0\.001$/, labels: { severity: 'ticket' } }
  )
})

t.test('the file is one that Prometheus can read: names, balanced expressions, no placeholder', async (t) => {
  const { groups: read } = parse(alertsFile(objectives)) as { groups: Group[] }

  t.strictSame(
    read.map(({ name }) => name),
    groups.map(({ name }) => name)
  )
  for (const { alert, record, expr, labels } of read.flatMap(({ rules }) => rules)) {
    t.match(alert ?? '', /^([A-Z][A-Za-z]+)?$/)
    t.match(record ?? '', /^([a-z_]+:[a-z_]+:\w+)?$/)
    t.ok((alert === undefined) !== (record === undefined) && labels.slo)
    t.notMatch(expr, /WINDOW|undefined|NaN/)
    t.ok(isBalanced(expr), expr)
  }
  t.notOk(isBalanced('sum(rate(x[5m])'))
})

t.test('an objective that nobody exports has no rule, and says why', async (t) => {
  for (const objective of objectives) {
    const hasRule = groups.some(({ name }) => name === objective.id)
    t.not(hasRule, objective.noAlert !== undefined, objective.id)
  }
})

t.test('whoever is paged knows below how many requests a single bad one would do it', async (t) => {
  const claim = objectives.flatMap(({ claims }) => claims).find(({ name }) => name === 'slo-errors')!
  const min = requestsMin(claim, 14.4)

  t.ok(1 / min <= 14.4 * 0.0001 && 1 / (min - 1) > 14.4 * 0.0001, `${min}`)
  t.ok(rules.some(({ alert, expr }) => alert === 'SloErrorsTooQuiet' && expr.endsWith(`* 3600 < ${min}`)))
})

function isBalanced(expr: string): boolean {
  const open: string[] = []
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
  for (const char of expr.replaceAll(/"[^"]*"/g, '')) {
    if ('([{'.includes(char)) open.push(char)
    else if (char in pairs && open.pop() !== pairs[char]) return false
  }
  return open.length === 0
}
