import { fill, mariadbDisks, roomOn } from '../disks.ts'
import { purchasesGoOn, undocumented } from '../purchases.ts'
import type { Scenario } from '../scenario.ts'

const FULL_MS = 60_000
const ROOM_BYTES_MAX = 65_536

const scenario: Scenario = {
  what: 'The disk of the MariaDB primary is full for a minute, while people buy',
  promise: 'No purchase and no sale notices; documents wait, and come once, within two minutes after there is room',
  needs: 'root',
  gapMsMax: 1_500,
  unnoticed: true,
  purchasesFailedMax: 0,
  load: { salesPerSecond: 2, purchasesPerSecond: 0.4 },
  apart: 'MariaDB looks once a minute whether there is room again',
  prepare: mariadbDisks,
  async run(scene) {
    const { directory } = scene.instance

    scene.struck()
    const free = await fill(directory, 'maria1')
    try {
      scene.must('the disk is full', roomOn(directory, 'maria1') < ROOM_BYTES_MAX)
      await scene.wait(FULL_MS)
      const orderIds = await purchasesGoOn(scene)
      scene.must('documents waited', (await scene.query((client) => undocumented(client, orderIds))) > 0)
    } finally {
      free()
    }
    return undefined
  }
}

export default scenario
