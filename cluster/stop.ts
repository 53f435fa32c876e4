import { commandLine, endWith } from './arguments.ts'
import { askSupervisor } from './driver/door.ts'
import { endAll } from './driver/sweep.ts'
import { doorPath, instanceDirectory } from './instance.ts'

const { instance, names } = commandLine({})

await main().catch(endWith)

async function main(): Promise<void> {
  if (names.length === 0) console.log(`stopping instance ${instance}`)
  const answer = await askSupervisor(doorPath(instance), names.length > 0 ? { ask: 'stop', names } : { ask: 'end' }, console.log)
  if (names.length > 0) {
    if (!answer) throw new Error(`instance ${instance} does not run`)
    return console.log(`stopped: ${names.join(', ')}`)
  }
  if (answer) return console.log('stopped')
  const left = await endAll(instanceDirectory(instance))
  console.log(left > 0 ? `ended ${left} processes that nobody watched` : `instance ${instance} does not run`)
}
