/** One statement as the server ran it: what auto_explain wrote into its log. */
export interface RunPlan {
  ms: number
  query: string
  plan: string
}

/** All runs of one statement. */
export interface Statement {
  query: string
  runs: number
  medianMs: number
  /** The plan of the run that handled the most rows. */
  plan: string
  /** Tables that were read from end to end. */
  scanned: string[]
}

/** What grows with what is sold; nobody may read it all to find a row. */
const GROWING = ['seats', 'sold_seats', 'sold_places', 'orders', 'holds', 'zone_holds', 'show_zones', 'outbox', 'buyer_tickets']
const START = /LOG: {2}duration: ([\d.]+) ms {2}plan:$/

/** Reads auto_explain's text format; lines of other kinds are passed over. */
export function plansIn(log: string): RunPlan[] {
  const plans: RunPlan[] = []
  let current: { ms: number; lines: string[] } | undefined
  for (const line of [...log.split('\n'), '']) {
    if (current && line.startsWith('\t')) {
      current.lines.push(line.slice(1))
      continue
    }
    if (current) plans.push(planOf(current.ms, current.lines))
    const [, ms] = START.exec(line) ?? []
    current = ms === undefined ? undefined : { ms: Number(ms), lines: [] }
  }
  return plans
}

function planOf(ms: number, lines: string[]): RunPlan {
  const at = lines.findIndex((line) => line.includes('(cost='))
  const query = lines
    .slice(0, at)
    .join('\n')
    .replace(/^Query Text: /, '')
  return { ms, query, plan: lines.slice(at).join('\n') }
}

export function statementsIn(plans: RunPlan[]): Statement[] {
  return Map.groupBy(plans, ({ query }) => query)
    .values()
    .map((runs) => {
      const sorted = runs.toSorted((a, b) => a.ms - b.ms)
      const biggest = runs.reduce((most, run) => (rowsIn(run.plan) > rowsIn(most.plan) ? run : most))
      const { query } = biggest
      return { query, runs: runs.length, medianMs: sorted[runs.length >> 1]!.ms, plan: biggest.plan, scanned: scannedBy(runs) }
    })
    .toArray()
    .sort((a, b) => b.runs - a.runs)
}

/** Rows that its nodes handled, all together: how big a batch it was. */
function rowsIn(plan: string): number {
  return [...plan.matchAll(/actual (?:time=[\d.]+ )?rows=(\d+) loops=(\d+)/g)].reduce(
    (sum, [, rows, loops]) => sum + Number(rows) * Number(loops),
    0
  )
}

/** One after the other, or in the order of an index without asking it for anything: both read all there is. */
function scannedBy(runs: RunPlan[]): string[] {
  const nodes = runs.flatMap(({ plan }) => plan.split(/^\s*-> {2}/m))
  const all = nodes.filter((node) => /Seq Scan on/.test(node) || (/^Index (Only )?Scan/.test(node) && !node.includes('Index Cond:')))
  const tables = all.map((node) => /Scan (?:Backward )?(?:using \S+ )?on (\w+)/.exec(node)?.[1] ?? '')
  return [...new Set(tables)].filter((table) => GROWING.includes(table))
}
