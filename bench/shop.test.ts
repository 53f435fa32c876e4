import { readFile } from 'node:fs/promises'
import t from 'tap'

t.test('every side of a benchmark has the session settings of the service', async (t) => {
  const [ours, theirs] = await Promise.all(['shop.ts', '../reservation-service/main.ts'].map(sessionIn))

  t.ok(ours?.includes('enable_seqscan'))
  t.equal(ours, theirs)
})

async function sessionIn(file: string): Promise<string | undefined> {
  return /SESSION =\s+'([^']+)'/.exec(await readFile(new URL(file, import.meta.url), 'utf8'))?.[1]
}
