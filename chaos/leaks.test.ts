import t from 'tap'
import { leaksIn } from './leaks.ts'

t.test('what comes and goes is no leak, and what only grows is', async (t) => {
  const early = [{ 'relay MiB': 90 }, { 'relay MiB': 60 }, { 'relay MiB': 75 }]

  t.strictSame(leaksIn(early, [{ 'relay MiB': 110 }, { 'relay MiB': 80 }]), [])
  t.strictSame(leaksIn(early, [{ 'relay MiB': 110 }, { 'relay MiB': 90 }]), ['relay MiB: 60 at first, 90 at last'])
})

t.test('one replication slot more, or a second directory more, is a leak', async (t) => {
  const early = [{ 'PostgreSQL slots': 0, 'pg1 directories': 1 }]

  t.strictSame(leaksIn(early, [{ 'PostgreSQL slots': 0, 'pg1 directories': 2 }]), [])
  t.strictSame(leaksIn(early, [{ 'PostgreSQL slots': 1, 'pg1 directories': 3 }]), [
    'PostgreSQL slots: 0 at first, 1 at last',
    'pg1 directories: 1 at first, 3 at last'
  ])
})

t.test('what was not there at both times is not compared', async (t) => {
  t.strictSame(leaksIn([{ 'PostgreSQL relay connections': 3 }], [{ 'PostgreSQL strangers connections': 300 }]), [])
})
