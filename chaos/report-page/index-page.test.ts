import t from 'tap'
import { givenEvidence } from './given-evidence.ts'
import { indexPage } from './index-page.ts'

t.test('what is broken comes first, and one broken promise makes the whole page say so', async (t) => {
  const [kept, broken, notRun] = [
    given('kept-one'),
    given('broken-one', { holds: false, violations: ['lost: an order'] }),
    given('third', { holds: false, notRun: 'no root' })
  ]

  const page = indexPage([kept, notRun, broken])

  t.match(page, /class="verdict broken".*1 of 3 promises broken<\/h2>\n<p>1 kept; 1 scenario was not run/s)
  t.ok(page.indexOf('broken-one</a>') < page.indexOf('third</a>'))
  t.ok(page.indexOf('third</a>') < page.indexOf('kept-one</a>'))
  t.match(page, 'class="mark broken">✕ Broken</td>')
})

t.test('all that were run and kept are kept', async (t) => {
  t.match(indexPage([given('one'), given('two')]), /class="verdict kept".*2 of 2 promises kept<\/h2>/s)
  t.match(indexPage([given('one', { holds: false, notRun: 'no root' })]), 'class="verdict not-run"')
})

t.test('each run is one line of a scenario’s small picture, and names and links are text', async (t) => {
  const page = indexPage([{ ...given('<b>one</b>'), href: '"><script>alert(1)</script>' }])

  t.equal(page.match(/<path stroke-width="5" d="([^"]*)"/)?.[1]?.split('M').length, 1 + 4, 'four lines for four runs')
  t.notMatch(page, /<script|<b>one|https?:/)
})

function given(scenario: string, marks: object = {}) {
  const { result } = givenEvidence({ runs: 4 })
  return { result: Object.assign(result, { scenario, ...marks }), href: `${scenario}/report.html` }
}
