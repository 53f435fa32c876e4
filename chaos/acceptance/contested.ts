import type { Test } from 'tap'
import type { Instance } from '../../cluster/instance.ts'
import { rush } from '../buyers.ts'
import { closeLedger } from '../ledger.ts'

const LEDGER_SECONDS_MAX = 120

/** Twenty buyers, fifty seats, two hundred attempts; then everything that was written down is compared. */
export async function contested(t: Test, shop: Instance): Promise<void> {
  await t.test('two hundred attempts over fifty seats sell each seat at most once, and the ledger closes', async (t) => {
    const { attempts, ok, unknown, doubled, puzzles } = await rush({
      shopUrl: shop.url,
      show: 'vertigo',
      buyers: 20,
      attempts: 200,
      seats: 50
    })
    const ledger = await closeLedger(shop.instance, LEDGER_SECONDS_MAX)

    t.equal(attempts, 200)
    t.ok(ok >= 17, `${ok} attempts bought something`)
    t.strictSame(doubled, [], 'no seat was sold to two buyers')
    t.equal(unknown, 0, puzzles.join('; '))
    t.strictSame(ledger.differences, [], 'the ledger closes')
    t.ok(ledger.holds && ledger.orders >= ok)
  })
}
