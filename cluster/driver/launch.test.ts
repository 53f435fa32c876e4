import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { component, givenGround } from './given-processes.ts'
import { EXTRA_SETTINGS, type Footing } from './launch.ts'
import { addressesLack, clearNetwork } from './network.ts'
import { supervise } from './supervisor.ts'

const INSTANCE = 249
const TELLER = `
import { createServer } from 'node:http'
createServer((_request, response) => response.end(process.env.MOOD ?? 'none')).listen(3000, process.env.LISTEN_ADDRESS)
`
const lack = await addressesLack()

t.test('one that is made for faults is given more at its next start, alone', { skip: lack ?? false }, async (t) => {
  const { one, other, restart, give, end } = await givenTellers(t, 'shaky')
  t.equal(await moodOf(one), 'calm')

  give({ [one.name]: { MOOD: 'strange' } })
  t.equal(await moodOf(one), 'calm', 'not before it is started again')
  await restart()

  t.equal(await moodOf(one), 'strange')
  t.equal(await moodOf(other), 'calm')
  give({})
  await restart()
  t.equal(await moodOf(one), 'calm')
  await end()
})

t.test('one that is not made for faults is given nothing but its settings', async (t) => {
  const { one, restart, give, end } = await givenTellers(t, 'firm')

  give({ [one.name]: { MOOD: 'strange' } })
  await restart()

  t.equal(await moodOf(one), 'calm')
  await end()
})

async function givenTellers(t: Parameters<typeof givenGround>[0], footing: Footing) {
  const ground = { ...(await givenGround(t)), instance: INSTANCE }
  writeFileSync(ground.processFile, TELLER)
  const [one, other] = ['one', 'other'].map((name, i) => {
    const address = `127.${INSTANCE}.90.${i + 1}`
    return component(ground.processFile, name, { address, settings: { LISTEN_ADDRESS: address, MOOD: 'calm' } })
  })
  const supervisor = await supervise([one!, other!], ground, footing)
  const end = async () => {
    await supervisor.end()
    if (footing === 'shaky') await clearNetwork(INSTANCE)
  }
  const restart = async () => {
    await supervisor.stop([one!.name, other!.name])
    await supervisor.start([], () => {})
  }
  await supervisor.start([], () => {})
  const give = (extra: Record<string, Record<string, string>>) =>
    writeFileSync(join(ground.directory, EXTRA_SETTINGS), JSON.stringify(extra))
  return { one: one!, other: other!, restart, give, end }
}

async function moodOf({ address }: { address: string }): Promise<string> {
  return (await fetch(`http://${address}:3000/`)).text()
}
