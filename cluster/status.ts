import { commandLine, endWith } from './arguments.ts'
import { flagOf } from './describe.ts'
import { askSupervisor } from './driver/door.ts'
import type { Status } from './driver/supervised.ts'
import { doorPath, readInstance } from './instance.ts'

const WELL = new Set(['healthy', 'done', 'stopped'])

const { instance, values } = commandLine({ json: { type: 'boolean' } } as const)

await main().catch(endWith)

/** Exit code 0: everything that should run is healthy. */
async function main(): Promise<void> {
  const answer = await askSupervisor(doorPath(instance), { ask: 'status' })
  if (!answer) throw new Error(`instance ${instance} does not run: npm start${flagOf(instance)}`)
  const { url } = await readInstance(instance)
  const processes = answer.statuses
  if (!values.json) print(url, processes)
  else console.log(JSON.stringify({ instance, url, processes }))
  process.exitCode = processes.every(({ state }) => WELL.has(state)) ? 0 : 1
}

function print(url: string, processes: Status[]): void {
  console.log(`instance ${instance}  ${url}\n`)
  const width = Math.max(...processes.map(({ name }) => name.length))
  for (const { name, state, pid, address, restarts, missing } of processes) {
    const again = restarts > 0 ? `  restarted ${restarts}x` : ''
    console.log(
      `  ${name.padEnd(width)}  ${state.padEnd(10)}  ${String(pid ?? '-').padStart(7)}  ${address.padEnd(20)}${again}${missing ? `  ${missing}` : ''}`
    )
  }
}
