import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { fill, removeDisks, resumeAll, roomOn } from './disks.ts'

const MB = 1024 ** 2
const SIZE_MB = 32
const NAME = 'writer'
const lack = process.getuid?.() === 0 ? false : 'only root can mount a disk'

t.test(
  'a disk that is filled takes nothing more, also where something of it was given up, until it is freed',
  { skip: lack },
  async (t) => {
    const { directory, place } = givenDisk(t)
    writeFileSync(join(place, 'own'), Buffer.alloc(4 * MB))

    const free = await fill(directory, NAME)
    t.throws(() => writeFileSync(join(place, 'more'), 'x'), { code: 'ENOSPC' })
    rmSync(join(place, 'own'))
    await sleep(300)

    t.throws(() => writeFileSync(join(place, 'more'), 'x'), { code: 'ENOSPC' })
    free()
    writeFileSync(join(place, 'more'), 'x')
    t.ok(roomOn(directory, NAME) > 28 * MB)
    await removeDisks(directory)
  }
)

t.test('a disk may be left with so much room', { skip: lack }, async (t) => {
  const { directory } = givenDisk(t)

  const free = await fill(directory, NAME, 5 * MB)

  t.ok(roomOn(directory, NAME) <= 5 * MB, String(roomOn(directory, NAME)))
  t.ok(roomOn(directory, NAME) > 4 * MB, String(roomOn(directory, NAME)))
  free()
  await removeDisks(directory) // before the test's directory goes
})

t.test('whoever cleans up frees a disk, too', { skip: lack }, async (t) => {
  const { directory } = givenDisk(t)
  await fill(directory, NAME, 5 * MB)

  await resumeAll(directory)

  t.ok(roomOn(directory, NAME) > 28 * MB)
  await removeDisks(directory) // before the test's directory goes
})

function givenDisk(t: Test) {
  const directory = t.testdir({})
  const place = join(directory, 'data', NAME)
  mkdirSync(place, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', place])
  return { directory, place }
}
