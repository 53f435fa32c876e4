import t from 'tap'
import type { Evidence } from '../evidence.ts'
import { SIDE_BY_SIDE_MAX } from './frame.ts'
import { givenEvidence, HEALED_MS, RUN_MS, STRUCK_MS, startOf, WHOLE_MS } from './given-evidence.ts'
import { reportPage as glued } from './report-page.ts'
import { GLUE } from './words.ts'

const BYTES_MAX = 2_000_000
const FIELD_WIDTH = 1_000
/** Where the last run of the made-up series ends, and what is rounded when it is drawn. */
const LAST_MS = 9_000
const ROUNDING = 0.1

t.test('a fault is drawn from its blow to its healing, and paler until everything is whole', async (t) => {
  const page = reportPage(givenEvidence({ runs: 3 }))

  const place = (run: number, ms: number) => (((run - 1) * RUN_MS + ms) / (2 * RUN_MS + LAST_MS)) * FIELD_WIDTH
  for (const run of [1, 2, 3]) {
    const [fault, healing] = [bandIn(page, 'fault', run), bandIn(page, 'healing', run)]
    t.ok(near(fault.x, place(run, STRUCK_MS)), `run ${run} begins at ${fault.x}`)
    t.ok(near(fault.x + fault.width, place(run, HEALED_MS)))
    t.ok(near(healing.x, place(run, HEALED_MS)))
    t.ok(near(healing.x + healing.width, place(run, WHOLE_MS)))
  }
})

t.test('many runs are laid upon each other at the moment of the fault', async (t) => {
  const page = reportPage(givenEvidence({ runs: SIDE_BY_SIDE_MAX + 1 }))

  const fault = bandIn(page, 'fault', 0)
  t.ok(near(fault.x, (STRUCK_MS / LAST_MS) * FIELD_WIDTH))
  t.ok(near(fault.width, ((HEALED_MS - STRUCK_MS) / LAST_MS) * FIELD_WIDTH))
  t.notOk(page.includes('data-run="1"'))
  t.match(page, `${SIDE_BY_SIDE_MAX + 1} runs laid upon each other`)
})

t.test('a run that ended before it was healed is drawn as far as it came', async (t) => {
  const evidence = givenEvidence({ runs: 2 })
  evidence.timeline = evidence.timeline.filter(({ run, what }) => run === 1 || what === 'began' || what === 'struck')

  const page = reportPage(evidence)

  t.ok(bandIn(page, 'fault', 2).width < 2)
  t.notOk(/class="healing" data-run="2"/.test(page))
})

t.test('a result that does not hold is unmistakable, with everything that was found', async (t) => {
  const evidence = givenEvidence({ runs: 3 })
  Object.assign(evidence.result, {
    holds: false,
    lost: 1,
    violations: ['lost: an order', ...Array.from({ length: 50 }, (_, i) => `ledger: ${i}`)]
  })

  const page = reportPage(evidence)

  t.match(page, '<title>Broken: postgres-primary-killed</title>')
  t.match(page, /class="verdict broken".*Broken<\/h2>\n<p>51 violations in 3 runs/s)
  t.match(page, '<li>lost: an order</li>')
  t.match(page, 'and 11 more, in <a href="result.json">')
  t.match(page, /class="tile bad"><dt>lost<\/dt><dd>1/)
  t.notOk(page.includes('verdict kept'))
})

t.test('a series that ended early does not hold, even when nothing was found', async (t) => {
  const evidence = givenEvidence({ runs: 1 })
  evidence.result.holds = false

  t.match(reportPage(evidence), /verdict broken.*The series ended early, after 1 run\./s)
})

t.test('what was not run is neither kept nor broken, and has no pictures', async (t) => {
  const evidence = givenEvidence({ runs: 0 })
  Object.assign(evidence.result, { holds: false, notRun: 'root & iptables are missing' })

  const page = reportPage(evidence)

  t.match(page, /class="verdict not-run".*Not run.*root &amp; iptables are missing/s)
  t.notOk(page.includes('<svg'))
})

t.test('so few runs that nothing follows from them are said to be few, many give a bound', async (t) => {
  t.match(reportPage(givenEvidence({ runs: 3 })), 'So few runs do not say how rare a bad one would be.')
  t.match(reportPage(givenEvidence({ runs: 100 })), 'fewer than 3 % are bad (95 % confidence)')
})

t.test('whatever was said, found or named is text', async (t) => {
  const evidence = givenEvidence({ runs: 2 })
  const evil = `<script>alert("1")</script><img src=x onerror='alert(1)'>`
  Object.assign(evidence.result, { what: evil, promise: evil, scenario: evil, violations: [evil], holds: false, coverage: { [evil]: 1 } })
  evidence.result.each[0]!.missed.push(evil)
  evidence.result.each[0]!.trouble.push(evil)
  evidence.result.made.kernel = evil
  for (const moment of evidence.timeline) moment.text = evil

  const page = reportPage(evidence)

  t.notMatch(page, /<script|<img/)
  t.match(page, '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;')
})

t.test('a page loads nothing, runs nothing and allows neither', async (t) => {
  const page = reportPage(givenEvidence({ runs: 3 }))

  t.notMatch(page, /https?:|<script|<link|<img|<iframe|@import|url\(|src=|\son[a-z]+=/i)
  t.match(page, `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`)
})

t.test('three hundred runs fit into two megabytes, and what is not drawn is said', async (t) => {
  const page = reportPage(givenEvidence({ runs: 300 }))

  t.ok(Buffer.byteLength(page) < BYTES_MAX, `${Buffer.byteLength(page)} bytes`)
  t.match(page, /Drawn are [\d,]+ of the [\d,]+ dots[^<]*only the slowest/)
  t.match(page, 'The 20 worst of 300 runs, worst first')
  t.equal(page.match(/<td class="said">/g)?.length, 20)
})

t.test('what was found of a run stands in its row, among the worst of a long series', async (t) => {
  const evidence = givenEvidence({ runs: 30 })
  Object.assign(evidence.result, { holds: false, violations: ['run 1: 1100 ms without a hold, promised 1000'] })

  const page = reportPage(evidence)

  t.match(page, /<tbody>\n<tr class="bad"><th scope="row">1<.*✕ 1100 ms without a hold, promised 1000/s)
})

t.test('a run that says much is not read to its end', async (t) => {
  const evidence = givenEvidence({ runs: 1 })
  const [moment] = evidence.timeline.filter(({ what }) => what === 'said')
  evidence.timeline.push(...Array.from({ length: 20 }, () => moment!))

  t.match(reportPage(evidence), '; and 13 more, in timeline.jsonl')
})

t.test('figures are those of the result, and its limit stands beside them', async (t) => {
  const evidence = givenEvidence({ runs: 3, gapMs: (run) => 1_000 * run })

  const page = reportPage(evidence, { gapMsMax: 5_000 })

  t.match(page, 'Nobody succeeded, with the fault</th><td>2.00 s</td><td>–</td><td>3.00 s</td><td>≤ 5 s</td>')
  t.match(page, 'share</th><td>0.02</td><td>0.03</td>', 'what the scenario measured for itself')
  t.match(page, 'Without any success: promised ≤ 5 s')
  t.match(page, 'Without a sale: promised ≤ 6 s', 'which is longer by the time in which no sale is asked for')
})

t.test('where nobody looked, nothing is no figure', async (t) => {
  const page = reportPage(givenEvidence({ runs: 3 }), { exempt: ['lost', 'two writers'] })

  t.match(page, 'Not looked at, because the fault makes it meaningless: lost, two writers.')
  t.match(page, '<dt>lost</dt><dd><span class="unlooked">not checked</span></dd>')
  t.match(page, '<dt>sold twice</dt><dd>0</dd>')
  t.notMatch(reportPage(givenEvidence({ runs: 3 })), /Not looked at|not checked/)
})

t.test('who may not notice is promised answers within the limit', async (t) => {
  const evidence = givenEvidence({ runs: 3 })
  const limit = 'The longest answer at the box office, with the fault</th><td>–</td><td>–</td><td>900 ms</td><td>≤ 1.5 s</td>'

  t.match(reportPage(evidence, { gapMsMax: 1_500, unnoticed: true }), limit)
  t.notMatch(reportPage(evidence, { gapMsMax: 1_500 }), limit)
})

t.test('a load of its own has a gap and no history, and documents of nobody are no picture', async (t) => {
  const evidence: Evidence = { ...givenEvidence({ runs: 2 }), history: [], papers: [] }

  const page = reportPage(evidence)

  t.match(page, 'The longest time without a success in each run')
  t.notMatch(page, /id="(latency|throughput|documents|waiting)-title"/)
})

t.test('documents that never came are counted, and wait until the end', async (t) => {
  const evidence = givenEvidence({ runs: 2 })
  evidence.papers.slice(0, 3).forEach((paper) => void Object.assign(paper, { renderedAt: null, mailedAt: null }))

  const page = reportPage(evidence)

  t.match(page, `3 of ${evidence.papers.length} sales had no PDF when the series ended.`)
  t.match(page, 'A sale had its PDF after 900 ms in the middle')
})

t.test('the same evidence gives the same page', async (t) => {
  t.equal(reportPage(givenEvidence({ runs: 20 })), reportPage(givenEvidence({ runs: 20 })))
})

t.test('what was done with all others is done again with all others', async (t) => {
  const evidence = givenEvidence({ runs: 1 })
  t.match(reportPage(evidence), 'npm run chaos -- postgres-primary-killed --seed 7 --runs 1')

  evidence.result.evidence = 'nowhere/all-7/postgres-primary-killed'
  t.match(reportPage(evidence), 'npm run chaos -- all --seed 7 --runs 1')
})

t.test('who was kept waiting and is told all at once is cut from the picture, with the number', async (t) => {
  const evidence = givenEvidence({ runs: 1 })
  const atMs = startOf(1) + WHOLE_MS + 250
  const told = Array.from({ length: 80 }, (_, i) => ({
    type: 'ok' as const,
    op: 'hold' as const,
    key: `late-${i}`,
    try: 2,
    atMs,
    wall: ''
  }))

  t.notMatch(reportPage(evidence), 'such bins are cut')
  t.match(reportPage({ ...evidence, history: [...evidence.history, ...told] }), />8\d ↑<.*such bins are cut/s)
})

/** As it is read: where a line may not break is no matter here. */
function reportPage(...given: Parameters<typeof glued>): string {
  return glued(...given).replaceAll(GLUE, ' ')
}

function bandIn(page: string, kind: string, run: number): { x: number; width: number } {
  const [, x, width] = page.match(new RegExp(`class="${kind}" data-run="${run}" x="([\\d.]+)" y="\\d+" width="([\\d.]+)"`)) ?? []
  return { x: Number(x), width: Number(width) }
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= 2 * ROUNDING
}
