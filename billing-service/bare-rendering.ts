import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { ticketsOf } from './issue-documents.ts'
import type { Job } from './make-document.ts'
import { receiptOf } from './receipt.ts'
import { openRenderers } from './renderers.ts'
import { ISSUER, sampleKey, sampleOrder } from './sample-order.ts'

const SECONDS = '10'
const SHOP = 'http://localhost:8080'
/** Of ten orders so many are of two seats. */
const PAIRS = 3
const ORDERS = 10
const AHEAD = 4 // per thread: none of them waits for the next job

/**
 * How many files this machine makes per second when nothing else is done: no
 * queue, no database, no mail. It prints one JSON line.
 */
if (import.meta.main) {
  const { seconds, threads } = parseArgs({
    options: { seconds: { type: 'string', default: SECONDS }, threads: { type: 'string', default: String(availableParallelism()) } }
  }).values
  console.log(JSON.stringify(await measure(Number(seconds), Number(threads))))
}

async function measure(seconds: number, threads: number): Promise<{ files: number; seconds: number; perSecond: number }> {
  const renderers = openRenderers(threads)
  const jobs = Array.from({ length: ORDERS }, (_, i) => jobsOf(i < PAIRS ? 2 : 1)).flat()
  await Promise.all(Array.from({ length: threads * jobs.length }, (_, i) => renderers.render(jobs[i % jobs.length]!))) // warm
  const beganMs = performance.now()
  const endMs = beganMs + seconds * 1_000
  let files = 0
  await Promise.all(
    Array.from({ length: threads * AHEAD }, async (_, i) => {
      for (let n = i; performance.now() < endMs; n++) {
        await renderers.render(jobs[n % jobs.length]!)
        files += 1
      }
    })
  )
  const took = (performance.now() - beganMs) / 1_000
  await renderers.close()
  return { files, seconds: took, perSecond: files / took }
}

/** The files of one order, as they are made of every order. */
function jobsOf(seats: number): Job[] {
  const whole = sampleOrder()
  const order = sampleOrder({ lines: whole.lines.slice(0, seats) })
  const tickets = ticketsOf(order, { signing: sampleKey(), shopUrl: SHOP, issuer: ISSUER })
  return [
    { kind: 'receipt', receipt: receiptOf(order, ISSUER, SHOP), folio: 1_234, issuedAt: new Date(order.madeAt) },
    { kind: 'tickets', tickets },
    ...tickets.map((ticket): Job => ({ kind: 'tickets', tickets: [ticket] }))
  ]
}
