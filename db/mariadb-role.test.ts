import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openRoles } from './mariadb-node/role.ts'

t.test('of promotions that are written at once the latest stays, on the disk too, whoever ends last', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'roles-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const roles = await openRoles(directory, 'a')
  const terms = Array.from({ length: 20 }, (_, index) => 2 + ((index * 7) % 20))

  const writes = await Promise.allSettled(terms.map((term) => roles.write({ term, leader: `leader${term}` })))

  t.match(roles.read(), { term: 21, leader: 'leader21' })
  t.match((await openRoles(directory, 'a')).read(), { term: 21, leader: 'leader21' })
  t.ok(writes.some(({ status }) => status === 'rejected'))
  for (const { reason } of writes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]) t.match(reason, /too late/)
})

t.test('a term has one leader, and what is said about it may change', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'roles-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const roles = await openRoles(directory, 'a')

  await t.rejects(roles.write({ term: 1, leader: 'b' }), /led by a/)
  await roles.write({ term: 1, leader: 'a', alone: true })

  t.strictSame(roles.read(), { term: 1, leader: 'a', alone: true, joined: 1 })
})
