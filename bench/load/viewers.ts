import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, getRequest, headerOf, openWire } from './wire.ts'

export interface Viewers {
  url: string
  token: string
  path: string
  times: number
  /** Between two requests, from one beginning to the next; 0: at once. */
  everyMs: number
  /** Asks only for what is newer than what it has. */
  conditional: boolean
}

export interface ViewersReport {
  bytes: number
  encoding: string
  fresh: number
  unchanged: number
  /** How many different states were seen. */
  states: number
}

/** Somebody who looks at the map again and again, as a browser that takes every encoding does. */
export async function viewers({ url, token, path, times, everyMs, conditional }: Viewers): Promise<ViewersReport> {
  const wire = await openWire(url)
  const states = new Set<string>()
  let [fresh, unchanged] = [0, 0]
  let last: Answer | undefined
  for (let n = 0; n < times; n++) {
    const beganMs = performance.now()
    const etag = last && headerOf(last, 'etag')
    const more = conditional && etag ? { 'if-none-match': etag } : {}
    const answer = await wire.send(getRequest(path, token, { 'accept-encoding': 'gzip, br', ...more }))
    if (answer.status === 304) unchanged++
    else if (answer.status === 200) {
      fresh++
      last = answer
    } else throw new Error(`${path} answers ${answer.status}`)
    states.add(headerOf(answer, 'etag') ?? answer.body.toString('latin1'))
    if (everyMs > 0) await sleep(Math.max(0, everyMs - (performance.now() - beganMs)))
  }
  wire.close()
  if (!last) throw new Error('nobody saw the map')
  return { bytes: last.body.length, encoding: headerOf(last, 'content-encoding') ?? 'none', fresh, unchanged, states: states.size }
}
