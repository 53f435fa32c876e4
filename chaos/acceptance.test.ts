import t from 'tap'
import { readInstance, TEST_INSTANCE } from '../cluster/instance.ts'
import { badInput } from './acceptance/bad-input.ts'
import { billingAway } from './acceptance/billing-away.ts'
import { inChromium } from './acceptance/browsers.ts'
import { contested } from './acceptance/contested.ts'
import { dirtyMachine } from './acceptance/dirty-machine.ts'
import { purchases } from './acceptance/purchase.ts'
import { wishes } from './acceptance/wishes.ts'

/**
 * The whole shop, as its users meet it. One file, because all of it happens in
 * one shop: a test that stops a service must not run beside one that waits for it.
 */
t.setTimeout(600_000)

const shop = await readInstance(Number(process.env.TEST_INSTANCE ?? TEST_INSTANCE))

await t.test('a buyer without JavaScript', (t) => purchases(t, shop))
await t.test('a buyer who wishes', (t) => wishes(t, shop))
await t.test('in Chromium', (t) => inChromium(t, shop))
await t.test('bad input at every door of the portal', (t) => badInput(t, shop))
await t.test('a crowd', (t) => contested(t, shop))
await t.test('without its billing', (t) => billingAway(t, shop))
await t.test('a dirty machine', (t) => dirtyMachine(t))
