import { bareCommits } from './bare-commits.ts'
import { bestSales } from './best-sales.ts'
import { holds } from './holds.ts'
import { onSale } from './on-sale.ts'
import { rush } from './rush.ts'
import { sales } from './sales.ts'
import { viewers } from './viewers.ts'

/** What a load can be. Each job takes plain data and gives plain data, because it runs in another process. */
const JOBS = { sales, rush, holds, onSale, bareCommits, bestSales, viewers }

export type Jobs = typeof JOBS
export type Job = keyof Jobs

/** The process that makes the load: apart from what is measured, and not counted with it. It ends with whoever started it. */
if (import.meta.main) {
  process.on('disconnect', () => process.exit(0))
  process.on('message', ({ job, input }: { job: Job; input: never }) => {
    JOBS[job](input).then(
      (done) => process.send!({ done }),
      (err: Error) => process.send!({ failed: err.stack ?? err.message })
    )
  })
}
