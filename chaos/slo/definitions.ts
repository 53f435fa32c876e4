import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parseAllDocuments } from 'yaml'
import { type Measure, Measured, Production, Sli, Slo } from './open-slo.ts'

const NAMES = /^slo-[a-z]+\.yaml$/
const DAY_MS = 86_400_000
const NOTES = 'ticketflow/'

/** How something is measured, and how it is counted. */
export interface Indicator {
  name: string
  says: string
  what: string
  numerator: string
  denominator: string
  /** What it reads from the evidence. */
  measure: Measure
}

/** One sentence that is true or not. */
export interface Claim {
  name: string
  objective: string
  /** What was promised to others, or what we want of ourselves. */
  kind: 'promise' | 'aim'
  says: string
  indicator: Indicator
  /** Absent: things are good or bad, and nothing is compared. */
  limit: { op: 'lt' | 'gte'; value: number } | undefined
  /** The share of all things that must be good. */
  target: number
  /** A single bad one breaks it: the format knows no target of one. */
  every: boolean
  windowMs: number
  production: InProduction | undefined
  compare: string | undefined
}

/** How Prometheus reckons it where buyers are: what is good or bad, and what is asked, in PromQL. */
export interface InProduction {
  says: string
  what: string
  good?: string
  bad?: string
  total: string
}

export interface Objective {
  id: string
  /** In which order they are shown. */
  place: number
  title: string
  what: string
  owner: string
  service: string
  exclusions: string
  /** Why nothing in production tells when its budget burns. */
  noAlert: string | undefined
  claims: Claim[]
}

interface Document {
  kind: string
  metadata: { name: string }
}

/** @throws Error naming what is not as the definitions must be. */
export function readObjectives(directory: string): Objective[] {
  const files = definitionFiles(directory).filter((file) => NAMES.test(file))
  return objectivesIn(new Map(files.map((file) => [basename(file, '.yaml'), readFileSync(join(directory, file), 'utf8')])))
}

/** Everything that a person has written about objectives. */
export function definitionFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => NAMES.test(file) || file === 'sources.yaml')
    .toSorted()
}

/** @param texts - By the id of the objective. An indicator may be read in another file than the one that has it. */
export function objectivesIn(texts: Map<string, string>): Objective[] {
  const documents = new Map([...texts].map(([id, text]) => [id, documentsIn(id, text)]))
  const all = [...documents.values()].flat()
  const slis = new Map(all.filter(({ kind }) => kind === 'SLI').map((sli) => [sli.metadata.name, sli]))
  const slosOf = (id: string, own: Document[]) => own.filter(({ kind }) => kind !== 'SLI').map((slo) => checked<Slo>(Slo, slo, id))
  return [...documents].map(([id, own]) => objectiveOf(id, slosOf(id, own), slis)).toSorted((a, b) => a.place - b.place)
}

function documentsIn(id: string, text: string): Document[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors?.length > 0) throw new Error(`${id}: ${document.errors[0]!.message}`)
    return document.toJS() as Document
  })
}

function objectiveOf(id: string, slos: Slo[], slis: Map<string, unknown>): Objective {
  const head = slos.find(({ metadata }) => metadata.name === id)
  if (!head) throw new Error(`${id}: no SLO bears this name`)
  const note = notesOf(head)
  return {
    id,
    place: Number(note('place')),
    title: note('title') ?? id,
    what: head.spec.description ?? '',
    owner: note('owner') ?? '',
    service: head.spec.service,
    exclusions: note('exclusions') ?? '',
    noAlert: note('no-alert'),
    claims: slos.map((slo) => claimOf(slo, slis))
  }
}

function claimOf(slo: Slo, slis: Map<string, unknown>): Claim {
  const { metadata, spec } = slo
  const [objective] = spec.objectives
  const note = notesOf(slo)
  const production = note('production')
  return {
    name: metadata.name,
    objective: metadata.labels.objective,
    kind: metadata.labels.kind,
    says: metadata.displayName,
    indicator: indicatorOf(checked(Sli, slis.get(spec.indicatorRef), spec.indicatorRef)),
    limit: objective!.op === undefined ? undefined : { op: objective!.op, value: objective!.value! },
    target: objective!.target,
    every: note('every') === 'yes',
    windowMs: Number.parseInt(spec.timeWindow[0]!.duration, 10) * DAY_MS,
    production: production === undefined ? undefined : inProduction(checked(Production, slis.get(production), production)),
    compare: note('compare')
  }
}

function indicatorOf(sli: Sli): Indicator {
  const { metadata, spec } = sli
  const note = notesOf(sli)
  const metric = spec.thresholdMetric ?? spec.ratioMetric!.good
  return {
    name: metadata.name,
    says: metadata.displayName,
    what: spec.description,
    numerator: note('numerator') ?? '',
    denominator: note('denominator') ?? '',
    measure: checked(Measured, metric.metricSource.spec, metadata.name)
  }
}

function inProduction({ metadata, spec }: Production): InProduction {
  const { good, bad, total } = spec.ratioMetric
  const query = (metric: typeof total) => metric.metricSource.spec.query
  return {
    says: metadata.displayName,
    what: spec.description,
    ...(good && { good: query(good) }),
    ...(bad && { bad: query(bad) }),
    total: query(total)
  }
}

function notesOf({ metadata }: { metadata: { annotations?: Record<string, string> } }): (name: string) => string | undefined {
  return (name) => metadata.annotations?.[NOTES + name]
}

function checked<T>(schema: TSchema, given: unknown, name: string): T {
  if (Value.Check(schema, given)) return given as T
  const [first] = Value.Errors(schema, given)
  throw new Error(`${name}: ${first?.instancePath} ${first?.message}`)
}
