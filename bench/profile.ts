import { cpuByTitle } from './cpu.ts'
import type { Shop } from './shop.ts'

/** Where the time of a turn went: what explains a ratio. */
export interface Profile {
  /** Of the services' own figures: what one observation was on average, by figure. */
  means: Record<string, number>
  /** Processor seconds of the databases, by what their processes do. */
  databases: Record<string, number>
}

const PREFIX = 'ticketflow_selling_'
const SAMPLE = new RegExp(`^${PREFIX}(\\w+)_(sum|count)(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'gm')

/** @returns Ends the looking. */
export async function startProfile({ databasePids }: Pick<Shop, 'databasePids'>, urls: string[]): Promise<() => Promise<Profile>> {
  const pids = await databasePids()
  const [figures, seconds] = [await readAll(urls), cpuByTitle(pids)]
  return async () => {
    const now = cpuByTitle(pids)
    const databases = Object.fromEntries(Object.entries(now).map(([title, used]) => [title, used - (seconds[title] ?? 0)]))
    return { means: meansBetween(figures, await readAll(urls)), databases }
  }
}

type Figures = Map<string, { sum: number; count: number }>

/** Of all processes together. */
async function readAll(urls: string[]): Promise<Figures> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()))
  return figuresIn(texts.join('\n'))
}

/** Reads Prometheus' text format; the same figure of several processes is added up, its labels are passed over. */
export function figuresIn(text: string): Figures {
  const figures: Figures = new Map()
  for (const [, name, part, value] of text.matchAll(SAMPLE)) {
    const figure = figures.get(name!) ?? { sum: 0, count: 0 }
    figure[part as 'sum' | 'count'] += Number(value)
    figures.set(name!, figure)
  }
  return figures
}

export function meansBetween(before: Figures, after: Figures): Record<string, number> {
  const means: Record<string, number> = {}
  for (const [name, { sum, count }] of after) {
    const times = count - (before.get(name)?.count ?? 0)
    if (times > 0) means[name] = (sum - (before.get(name)?.sum ?? 0)) / times
  }
  return means
}
