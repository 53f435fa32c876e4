import { crowdPostgres } from '../faults/strangers.ts'
import { reign, type Scenario } from '../scenario.ts'

const CROWDED_MS = 8_000

const scenario: Scenario = {
  what: 'Strangers take every connection of the PostgreSQL primary for eight seconds, and whoever had one is sent away',
  promise: 'Buyers wait or are told to come again, never anything else; sales go on by themselves, and nothing is lost',
  gapMsMax: 12_000,
  async run(scene) {
    const { leader, epoch } = await reign(scene)

    scene.struck()
    const strangers = await crowdPostgres(scene.instance, leader)
    try {
      scene.must('every connection was taken', strangers.refused() > 0)
      scene.say(`strangers have ${strangers.count()} connections of ${leader}`)
      await scene.wait(CROWDED_MS)
    } finally {
      await strangers.leave()
    }
    const after = await reign(scene)
    scene.say(after.epoch === epoch ? 'the reign went on' : `reign ${after.epoch} is ${after.leader}'s`)
    const answers = [...scene.stories('sale'), ...scene.stories('hold')].flatMap(({ first }) => (first?.type === 'unknown' ? first : []))
    const strange = answers.filter(({ status }) => status !== 503).map(({ status, why }) => why ?? status)
    scene.kept(`who is not served is told to come again (${strange.join('; ')})`, strange.length === 0)
    return undefined
  }
}

export default scenario
