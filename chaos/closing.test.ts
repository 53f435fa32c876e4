import t from 'tap'
import { openClosing } from './closing.ts'

t.test('everything is closed in reverse order, once, and a step that fails keeps no other from being taken', async (t) => {
  const closing = openClosing()
  const taken: string[] = []
  closing.add(() => taken.push('rules'))
  closing.add(async () => {
    taken.push('shop')
    closing.add(() => taken.push('opened meanwhile'))
    throw new Error('the shop does not end')
  })
  closing.add(() => taken.push('thaw'))

  const both = await Promise.allSettled([closing.close(), closing.close()])

  t.strictSame(taken, ['thaw', 'shop', 'opened meanwhile', 'rules'])
  t.match(both, [{ reason: /not everything was closed: the shop does not end/ }, { status: 'rejected' }])
})
