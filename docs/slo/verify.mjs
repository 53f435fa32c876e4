// Reckons again what SLO.md says, from the raw events, and shares no code with the program that wrote it: one file, nothing
// but Node. "node docs/slo/verify.mjs [FOLDER]"; exit code 0 only when signature, files, figures and page all agree.
import { createHash, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'

const root = process.argv[2] ?? join(import.meta.dirname, '..', '..')
const SLO = 'docs/slo'
const SUMS = `${SLO}/evidence/SHA256SUMS`
const wrong = []
const check = (what, holds) => holds || wrong.push(what)
const same = (what, mine, theirs) => check(`${what} is ${mine}, and SLO.md or its figures say ${theirs}`, String(mine) === String(theirs))
const bytes = (path) => readFileSync(join(root, path))
const text = (path) => bytes(path).toString()
const lines = (said) => said.split('\n').filter(Boolean)
const sha256 = (path) => createHash('sha256').update(bytes(path)).digest('hex')
const many = (count) => count.toLocaleString('en-US')
const numbers = (list) => list.sort((a, b) => a - b)
const exact = (value) => (value === undefined ? null : value === Infinity ? 'never' : Number(value.toFixed(3)))
const percentile = (all, p) => (all.length * (100 - p) < 100 ? null : exact(all[Math.ceil((all.length * p) / 100) - 1]))
const field = (object, key) => object.match(new RegExp(`^ *(?:- )?${key}: (.+)$`, 'm'))?.[1]
const list = (object, key) => (field(object, key) ?? '[]').slice(1, -1).split(', ')
const ofScenarios = (sli, bundles) => bundles.filter(({ result }) => list(sli, 'scenarios').includes(result.scenario))
const shareOf = (share) => (share === null ? '–' : `${Number((share * 100).toPrecision(2))} %`)
const wordOf = { yes: '✓ yes', 'so far': '✓ so far', no: '✗ **no**', unmeasured: 'unmeasured' }
const short = (ms) => (ms < 1_000 ? `${ms.toFixed(ms < 100 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(2)} s`)
const span = (ms) => (typeof ms === 'number' ? short(ms) : (ms ?? '–'))

try {
  checkFiles()
  checkFigures(text('SLO.md'), JSON.parse(text(`${SLO}/figures.json`)))
} catch (err) {
  wrong.push(err.stack)
}
for (const what of wrong) console.error(`  - ${what}`)
console.log(wrong.length === 0 ? 'Signature, files, figures and page agree.' : `${wrong.length} differences: SLO.md is not to be believed.`)
process.exitCode = wrong.length === 0 ? 0 : 1

function checkFiles() {
  check('the signature is not of this manifest by this key', verify(null, bytes(SUMS), text(`${SLO}/signer.pem`), bytes(`${SUMS}.sig`)))
  const listed = new Map(lines(text(SUMS)).map((line) => [line.slice(66), line.slice(0, 64)]))
  const files = readdirSync(join(root, SLO), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const there = ['SLO.md', ...files.map(({ parentPath, name }) => relative(root, join(parentPath, name)))]
  for (const path of there) check(`${path} was not signed`, listed.has(path) || path === SUMS || path === `${SUMS}.sig`)
  for (const [path, sum] of listed) check(`${path} is missing, or not what was signed`, there.includes(path) && sha256(path) === sum)
  const { by, at, fingerprint } = JSON.parse(text(`${SLO}/signed.json`))
  check('the page names another signer', text('SLO.md').includes(`Signed by ${by} on ${at}`) && sha256(`${SLO}/signer.pem`) === fingerprint)
}

function checkFigures(page, stated) {
  const names = readdirSync(join(root, SLO, 'evidence')).filter((name) => !name.startsWith('SHA256SUMS'))
  const bundles = names.sort().map(bundle)
  const files = readdirSync(join(root, SLO)).filter((file) => /^slo-\w+\.yaml$/.test(file))
  const objects = files.flatMap((file) => text(`${SLO}/${file}`).split('\n---\n'))
  const [slis, slos] = ['SLI', 'SLO'].map((kind) => objects.filter((object) => field(object, 'kind') === kind))
  const claims = slos.map((slo) => reckon(slo, slis, bundles))
  const incidents = slis.filter((sli) => field(sli, 'measure') === 'incidents').flatMap((sli) => faults(sli, bundles))
  const own = bundles.map(ownFigures)
  agree('claim', claims, stated.claims)
  agree('scenario', incidents, stated.incidents)
  agree('name', own, stated.bundles)
  const row = (...cells) => check(`SLO.md has no row ${cells.join(' | ')}`, page.includes(`| ${cells.join(' | ')} |`))
  for (const [i, { claim, total, bad, budget, p50, p95, p99, max, measured: said, lines: hasBudget, ...mine }] of claims.entries()) {
    const rank = field(slos[i], 'op') === 'gte' ? (ratio) => ratio ?? '–' : span
    row(claim, ...[total, bad, budget].map(many), shareOf(mine.badShareMax), ...[p50, p95, p99, max].map(rank), wordOf[mine.verdict])
    row(field(slos[i], 'displayName'), total === 0 ? '–' : said, wordOf[mine.verdict])
    const isTime = said.includes(' faults in ')
    const spent = [budget, bad, Math.max(0, budget - bad)].map((one) => many(one) + (isTime ? ' s' : ''))
    if (hasBudget) row(claim, ...spent, isTime ? many(Math.floor(budget / Math.max(1, Math.ceil(max / 1_000)))) : '–')
  }
  for (const { scenario, runs, p50, p99, max, lines: all } of incidents) {
    row(scenario, many(runs), ...[p50, p99, max].map(span))
    same(`worst runs of ${scenario}`, lines(page).filter((line) => all.includes(line)).length, Math.min(3, runs))
  }
  for (const { name, seed, runs: count, commit, entries, holds, violations } of own) {
    row(`[${name}](${SLO}/evidence/${name}/report.html)`, seed, count, `\`${commit.slice(0, 12)}\``)
    row(many(entries), holds ? 'yes' : `**no** (${violations})`, `\`${sha256(`${SLO}/evidence/${name}/history.jsonl.gz`).slice(0, 16)}\``)
  }
  const sum = (key) => many(own.reduce((all, one) => all + one[key], 0))
  const [yes, soFar, no, un] = ['yes', 'so far', 'no', 'unmeasured'].map((word) => claims.filter(({ verdict }) => verdict === word).length)
  check('SLO.md begins with other counts', page.includes(`${yes} kept, ${soFar} kept so far, ${no} not kept, ${un} unmeasured`))
  check('other sums in SLO.md', !own[0] || page.includes(`${own.length} series with ${sum('runs')} runs, ${sum('entries')} lines`))
  if (own.length > 0) row(sum('acknowledged'), sum('lost'), sum('doubled'), `${own.filter(({ holds }) => !holds).length} of ${own.length}`)
}

function agree(id, mine, theirs) {
  const [ours, others] = [mine, theirs].map((all) => new Map(all.map((one) => [one[id], one])))
  same(`the list by ${id}`, [...ours.keys()].sort(), [...others.keys()].sort())
  for (const [name, one] of ours) for (const key in one) key === 'lines' || same(`${key} of ${name}`, one[key], others.get(name)?.[key])
}

function faults(sli, bundles) {
  const scenarios = Object.groupBy(ofScenarios(sli, bundles), ({ result }) => result.scenario)
  return Object.entries(scenarios).map(([scenario, mine]) => {
    const all = mine.flatMap((one) => outages(one, sli))
    const gaps = numbers(all.map(({ ms }) => ms))
    const said = all.map(({ ms, run, name, wall }) => `- ${scenario}: ${span(ms)} in run ${run} of ${name}, ${wall}`)
    return { scenario, runs: all.length, p50: percentile(gaps, 50), p99: percentile(gaps, 99), max: exact(gaps.at(-1)), lines: said }
  })
}

function reckon(claim, slis, bundles) {
  const sli = slis.find((one) => field(one, 'name') === field(claim, 'indicatorRef'))
  const [op, ...words] = [...['op', 'value', 'target'].map((key) => field(claim, key)), field(sli, 'faultsPerWindow')]
  const [limit, target, times] = words.map(Number)
  const every = claim.includes("ticketflow/every: 'yes'")
  const lacking = list(sli, 'scenarios').filter((scenario) => !bundles.some(({ result }) => result.scenario === scenario))
  const values = numbers(ofScenarios(sli, bundles).flatMap((one) => measured(one, sli)))
  const total = times && values.length > 0 ? Number.parseInt(field(claim, 'duration'), 10) * 86_400 : values.length
  const isBad = { lt: (value) => value >= limit, gte: (value) => value < limit }[op] ?? ((value) => value > 0)
  const bad = times ? Math.min(total, times * Math.ceil((values.at(-1) ?? 0) / 1_000)) : values.filter(isBad).length
  const budget = every ? 0 : Math.floor(Math.round((1 - target) * total * 1e6) / 1e6)
  const ranked = op || times ? values : []
  const [p50, p95, p99, min, max] = [...[50, 95, 99].map((percent) => percentile(ranked, percent)), exact(ranked[0]), exact(ranked.at(-1))]
  const badMax = bad === 0 ? 3 : (bad + 1) * (1 - 1 / (9 * (bad + 1)) + 1.645 / (3 * Math.sqrt(bad + 1))) ** 3
  const badShareMax = times || total === 0 ? null : Number(Math.min(1, badMax / total).toFixed(6))
  const isSure = !lacking[0] && (times ? 3 / values.length : badShareMax) <= (times || every ? 0.01 : 1 - target) + 1e-9
  const verdict = total === 0 ? 'unmeasured' : bad > budget ? 'no' : isSure ? 'yes' : 'so far'
  const [rank, up] = [every ? null : target === 0.95 ? p95 : p99, Math.floor(((total - bad) / total) * 1e6 + 1e-6) / 1e4]
  let said = `${many(bad)} bad in ${many(total)} (fewer than ${shareOf(badShareMax)}, 95 % sure)`
  if (op) said = `${rank === null ? `longest ${span(max)}` : `p${target * 100} ${span(rank)}`} in ${many(total)}`
  if (op === 'gte') said = `lowest ${min} in ${many(total)}`
  if (times) said = `${up} % with ${times} faults in ${total / 86_400} d, each as long as the longest (${span(max)})`
  const counts = { claim: field(claim, 'name'), total, good: total - bad, bad, budget, badShareMax, verdict, lacking }
  const hasBudget = total > 0 && !every && claim.includes('    kind: promise')
  return { ...counts, p50, p95, p99, max, min, measured: total === 0 ? 'unmeasured' : said, lines: hasBudget }
}

function measured(one, sli) {
  const [{ papers, orders }, kind] = [one, field(sli, 'measure')]
  if (kind === 'answers' || kind === 'requests') return asked(one, sli, kind === 'answers')
  if (kind === 'documents') return papers.map(({ soldAt, renderedAt }) => (renderedAt ? new Date(renderedAt) - new Date(soldAt) : Infinity))
  if (kind === 'drain') return drained(one, Number(field(sli, 'backlogMin')), field(sli, 'said').slice(1, -1))
  if (kind !== 'messages') return outages(one, sli).map(({ ms }) => ms)
  const arrived = papers.map((paper) => [paper.orderId, paper[field(sli, 'until')] ? 0 : Infinity])
  return [...new Map([...orders.map((orderId) => [orderId, Infinity]), ...arrived]).values()]
}

function asked({ history, runs, result }, sli, isWhole, ops = list(sli, 'ops')) {
  const open = new Map()
  const windows = list(sli, 'outside').includes(result.scenario) ? runs : []
  for (const { type, op, key, try: nth, again, atMs } of history) {
    if (!ops.includes(op) || (isWhole && again)) continue
    const id = isWhole ? op + key : `${op}${key} ${nth}`
    if (!open.has(id)) open.set(id, { from: type === 'invoke' ? atMs : undefined, to: Infinity, good: false })
    const isTold = type === 'ok' || type === 'refused' || (type === 'unknown' && !isWhole)
    if (isTold && open.get(id).to === Infinity) Object.assign(open.get(id), { to: atMs, good: type !== 'unknown' })
  }
  const isWithin = ({ from, to }) => windows.some(({ struck, whole }) => from <= whole.atMs && to >= struck.atMs)
  const isSent = ({ from }) => !field(sli, 'sent') || runs.some(({ struck, healed }) => from >= struck.atMs && from <= healed.atMs)
  const counted = [...open.values()].filter((one) => one.from !== undefined && isSent(one) && !isWithin(one))
  return counted.map(({ from, to, good }) => (isWhole ? to - from : good ? 0 : Infinity))
}

function outages({ name, history, papers, runs }, sli, ops = list(sli, 'successes')) {
  const isPaper = field(sli, 'successes') === 'documents'
  const made = papers.map(({ renderedAt }) => Date.parse(renderedAt)).filter((ms) => ms > 0)
  const oks = history.filter(({ type, op, again }) => type === 'ok' && !again && ops.includes(op))
  const times = numbers(isPaper ? made : oks.map(({ atMs }) => atMs))
  return runs.map(({ struck, ended }) => {
    const [from, to] = [struck, ended].map(({ atMs, wall }) => (isPaper ? Date.parse(wall) : atMs))
    const [before, after] = [times.findLast((time) => time < from) ?? from, times.find((time) => time > to) ?? to]
    const marks = [before, ...times.filter((time) => time > before && time < after), after]
    return { ms: Math.max(...marks.map((time, i) => time - (marks[i - 1] ?? time))), run: struck.run, wall: struck.wall, name }
  })
}

function drained({ papers, timeline, runs }, least, said) {
  const [, files, orders, bare] = timeline.map(({ text: spoken }) => spoken?.match(said)).find(Boolean) ?? []
  const start = Date.parse(runs[0]?.struck.wall)
  const ends = papers.filter(({ soldAt }) => Date.parse(soldAt) <= start).map(({ renderedAt }) => Date.parse(renderedAt ?? Infinity))
  const seconds = ends.includes(NaN) ? Infinity : (Math.max(...ends) - start) / 1_000
  return bare && ends.length >= least ? [(ends.length * files) / orders / seconds / bare] : []
}

function ownFigures({ name, history, papers, orders, result: { seed, runs, holds, violations, made } }) {
  const books = new Set(papers.map(({ orderId }) => orderId))
  const sold = history.filter(({ type, op }) => type === 'ok' && op === 'sale')
  const owners = new Set(sold.flatMap(({ key, showId, seatNos = [] }) => seatNos.map((seatNo) => `${showId}/${seatNo} ${key}`)))
  const seats = Object.values(Object.groupBy(owners, (owner) => owner.split(' ')[0]))
  const lost = orders.filter((orderId) => !books.has(orderId)).length
  const counts = { entries: history.length, acknowledged: orders.length, lost, doubled: seats.filter(({ length }) => length > 1).length }
  return { name, seed, runs, commit: made.commit, holds, violations: violations.length, ...counts }
}

function bundle(name) {
  const folder = `${SLO}/evidence/${name}`
  const raw = (file) => lines(gunzipSync(bytes(`${folder}/${file}.jsonl.gz`)).toString()).map((line) => JSON.parse(line))
  const [history, timeline, papers] = ['history', 'timeline', 'papers'].map(raw)
  const runs = Object.values(Object.groupBy(timeline, ({ run }) => run)).map((moments) => {
    const at = Object.fromEntries(moments.toReversed().map((moment) => [moment.what, moment]))
    const ended = at.ended ?? moments.at(-1)
    return { struck: at.struck ?? at.healed ?? moments[0], healed: at.healed ?? ended, whole: at.whole ?? ended, ended }
  })
  const asked = new Set(history.filter(({ type }) => type === 'invoke').map(({ op, key }) => op + key))
  const yes = history.filter(({ type, op, key }) => type === 'ok' && /sale|purchase/.test(op) && asked.has(op + key))
  const orders = [...new Set(yes.map(({ orderId, key }) => orderId ?? key))]
  return { name, history, timeline, papers, runs, orders, result: JSON.parse(text(`${folder}/result.json`)) }
}
