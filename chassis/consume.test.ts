import { AssertionError } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'amqplib'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { type Contract, contract, EXCHANGE, schemaOf } from '../contracts/contract.ts'
import { consume, type Subscription, verdict } from './consume.ts'
import type { Failure } from './delivery.ts'
import { Refusal } from './errors.ts'
import { createLog } from './log.ts'

const Shape = Type.Object({ n: Type.Integer() })
const log = createLog('test', 'fatal')
const down = () => Object.assign(new Error('away'), { code: 'AWAY' })

t.test('an event reaches its handler as it was published, and is then gone', async (t) => {
  const { channel, events, publish, kind, queue } = await given(t)

  const id = await publish({ n: 7 })

  t.match(await events.next(), { id, data: { n: 7 }, subject: 'thing-7' })
  await channel.close() // what is not acknowledged comes back first
  const second = await given(t, undefined, undefined, { kind, queue })
  await second.publish({ n: 8 })
  t.match(await second.events.next(), { data: { n: 8 } })
})

t.test('a fault is tried again after a delay, and the try that works is the last', async (t) => {
  const { publish, registered, tries } = await given(t, (_event, attempt) => {
    if (attempt < 3) throw new Error('the world failed')
  })

  await publish({ n: 1 })

  await tries(3)
  t.strictSame(registered, [])
})

t.test('a fault that outlives its attempts is registered, with its bytes and its reason', async (t) => {
  const { publish, failure, tries } = await given(t, () => {
    throw new Error('the world failed')
  })

  const id = await publish({ n: 1 })

  const failed = await failure()
  t.match(failed, { eventId: id, subject: 'thing-1', reason: 'Error: the world failed' })
  t.strictSame(JSON.parse(failed.body.toString()), { n: 1 })
  t.equal(await tries(5), 5)
})

t.test('a refusal and a bug are registered at once', async (t) => {
  const { publish, failure, tries } = await given(t, ({ data }) => {
    if (data.n === 1) throw new Refusal('NO', 409, 'a rule says no', {})
    throw new AssertionError({ message: 'we were wrong' })
  })

  await publish({ n: 1 })
  t.equal((await failure()).reason, 'Refusal: a rule says no')
  await publish({ n: 2 })
  t.match((await failure()).reason, /we were wrong/)

  t.equal(await tries(2), 2)
})

t.test('what is no event goes to the register and never to the handler', async (t) => {
  const { channel, events, failure, kind, publish } = await given(t)
  const bodies = ['rubbish', '', 'null', '[]', '{"n":"7"}', '{"n":1.5}', '{}', '\u0000\uffff', '{"n":1}'.repeat(2)]

  for (const body of bodies) {
    channel.publish(EXCHANGE, kind.type, Buffer.from(body), {
      messageId: 'ñ'.repeat(100),
      headers: { 'cloudEvents:id': 7, 'cloudEvents:subject': 'ñ' }
    })
    t.match(await failure(), { subject: null, body: Buffer.from(body), eventId: /^[0-9a-f]{8}-[0-9a-f]{4}-8/ }, JSON.stringify(body))
  }
  await publish({ n: 1 }, { 'cloudEvents:dataschema': 'urn:ticketflow:event:Other:1' })
  t.match((await failure()).reason, /not a /)
  await publish({ n: 8 })

  t.match(await events.next(), { data: { n: 8 } })
})

t.test('while the database is down nothing is judged: the consumer lets go, and the queue keeps the work', async (t) => {
  let isUp = false
  const { events, publish, registered, reopen, waiting, readers } = await given(t, () => {
    if (!isUp) throw down()
  })

  await Promise.all([1, 2, 3, 4, 5].map((n) => publish({ n })))
  await until(async () => (await readers()) === 0 && (await waiting()) === 5)
  isUp = true
  reopen()

  const seen = []
  for (let i = 0; i < 5; i++) seen.push((await events.next()).data.n)
  t.strictSame(seen.sort(), [1, 2, 3, 4, 5])
  t.strictSame(registered, [])
})

t.test('a database that says it is up and takes nothing is tried ever less often, and nothing is judged', async (t) => {
  const { publish, registered, reopen, tries } = await given(t, () => {
    throw down()
  })
  const beganMs = performance.now()
  const saysSo = setInterval(reopen, 20)
  t.teardown(() => clearInterval(saysSo))

  await publish({ n: 1 })
  await tries(4)

  t.ok(performance.now() - beganMs > 2_900, 'at once, after one second, after two')
  t.strictSame(registered, [])
})

t.test('when the register itself cannot be written, the event comes back instead of being lost', async (t) => {
  let writable = false
  const { publish, failure, tries } = await given(
    t,
    () => {
      throw new Refusal('NO', 409, 'a rule says no', {})
    },
    () => {
      if (!writable) throw new Error('full')
    }
  )

  const id = await publish({ n: 1 })
  await tries(2)
  writable = true

  t.equal((await failure()).eventId, id)
})

t.test('an event whose reader dies before it answered is read by the next one', async (t) => {
  const { events, publish, channel, kind, queue } = await given(t, () => new Promise(() => {}))
  const second = await given(t, undefined, undefined, { kind, queue })

  const ids = await Promise.all([1, 2, 3, 4].map((n) => publish({ n })))
  await events.next()
  await channel.close()

  const seen = []
  for (let i = 0; i < 4; i++) seen.push((await second.events.next()).id)
  t.strictSame(seen.sort(), ids.sort())
})

t.test('the verdict: rules and bugs are for people, faults are for later, and later has an end', async (t) => {
  t.equal(verdict(new Refusal('NO', 409, '', {}), 1), 'register')
  t.equal(verdict(new AssertionError({}), 1), 'register')
  t.equal(verdict(new Error(), 4), 'retry')
  t.equal(verdict(new Error(), 5), 'register')
})

type Kind = Contract<typeof Shape>
type Read = Parameters<Subscription<Kind>['handle']>[0]

/** A queue of the test's own, its reader, and what came of everything that was published. */
async function given(
  t: Test,
  handle: (event: Read, attempt: number) => unknown = () => {},
  register: (failure: Failure) => void = () => {},
  of: { kind: Kind; queue: string } = { kind: contract(`Prueba-${randomUUID()}`, 1, '/test', Shape), queue: `test.${randomUUID()}` }
) {
  const { kind, queue } = of
  const model = await connect(process.env.TEST_BROKER_URL!)
  const [channel, admin] = [await model.createConfirmChannel(), await model.createChannel()]
  const [events, failures] = [inTurn<Read>(), inTurn<Failure>()]
  const registered: Failure[] = []
  let attempts = 0
  let reopen = () => {}
  t.teardown(async () => {
    for (const name of [queue, `${queue}.retry`]) await admin.deleteQueue(name)
    await model.close()
  })

  await consume(channel, log, {
    queue,
    contract: kind,
    retryDelayMs: 50,
    handle: async (event) => {
      attempts += 1
      events.put(event)
      await handle(event, attempts)
    },
    register: async (failure) => {
      register(failure)
      registered.push(failure)
      failures.put(failure)
    },
    database: {
      isDown: (err) => (err as { code?: string }).code === 'AWAY',
      up: () =>
        new Promise((resolve) => {
          reopen = () => {
            events.forget()
            resolve()
          }
        })
    }
  })
  return {
    channel,
    kind,
    queue,
    events,
    registered,
    failure: failures.next,
    reopen: () => reopen(),
    waiting: async () => (await admin.checkQueue(queue)).messageCount,
    readers: async () => (await admin.checkQueue(queue)).consumerCount,
    tries: async (count: number) => {
      await until(() => attempts >= count)
      return attempts
    },
    publish: async (data: { n: number }, changed: Record<string, string> = {}) => {
      const id = randomUUID()
      const attributes = {
        specversion: '1.0',
        id,
        source: kind.source,
        type: kind.type,
        subject: `thing-${data.n}`,
        dataschema: schemaOf(kind)
      }
      const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]))
      channel.publish(EXCHANGE, kind.type, Buffer.from(JSON.stringify(data)), {
        messageId: id,
        persistent: true,
        headers: { ...headers, ...changed }
      })
      await channel.waitForConfirms()
      return id
    }
  }
}

function inTurn<T>() {
  const due: T[] = []
  const bell = new EventTarget()
  return {
    put: (value: T) => {
      due.push(value)
      bell.dispatchEvent(new Event('put'))
    },
    forget: () => {
      due.length = 0
    },
    next: async (): Promise<T> => {
      while (due.length === 0) await once(bell, 'put')
      return due.shift() as T
    }
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
