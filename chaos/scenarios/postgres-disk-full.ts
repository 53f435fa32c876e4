import type { PoolClient } from 'pg'
import { fill, postgresDisks, roomOn } from '../disks.ts'
import { nextReign, reign, type Scenario } from '../scenario.ts'

const FULL_MS = 8_000
const REIGN_MS_MAX = 30_000
const ROOM_BYTES_MAX = 65_536
/** More than the rest of the log file at hand and the one that may lie ready after it. */
const WRITTEN_MB = 48

const scenario: Scenario = {
  what: 'The disk of the PostgreSQL primary is full for eight seconds, and its log wants room',
  promise: 'A node that has room reigns within ten seconds; nothing acknowledged is lost, and the node comes back by itself',
  needs: 'root',
  gapMsMax: 10_000,
  prepare: postgresDisks,
  async run(scene) {
    const { leader, epoch } = await reign(scene)
    const { directory } = scene.instance

    scene.struck()
    const free = await fill(directory, leader)
    try {
      scene.must('the disk is full', roomOn(directory, leader) < ROOM_BYTES_MAX)
      await scene.query(writeMuch)
      const next = await nextReign(scene, epoch, REIGN_MS_MAX)
      scene.say(`the disk of ${leader} is full; reign ${next.epoch} is ${next.leader}'s`)
      await scene.wait(FULL_MS - scene.sinceStruckMs())
    } finally {
      free()
    }
    return undefined
  }
}

export default scenario

/** It is meant to fail. */
async function writeMuch(client: PoolClient): Promise<void> {
  const text = `select count(pg_logical_emit_message(false, 'chaos', repeat('x', 1000000))) from generate_series(1, $1)`
  await client.query(text, [WRITTEN_MB]).catch(() => {})
}
