import type { Mutant } from './mutant.ts'

const CANCELLED = { scenario: 'postgres-commits-cancelled', runs: 2 } as const

/** What lies between a database and who is told something. */
export const SALES: Mutant[] = [
  {
    name: 'answers-without-a-barrier',
    takenAway: 'who is told again what was done, or is refused, is told so before a second node has what that rests on',
    edits: [
      {
        file: 'chassis/postgres.ts',
        find: "const BARRIER = \"select pg_logical_emit_message(true, 'barrier', '')\"",
        put: "const BARRIER = 'select 1'"
      }
    ],
    detector: {
      test: 'db/postgres-node-silence.test.ts',
      needs: 'nothing',
      check: 'an answer that read it'
    }
  },
  {
    name: 'notice-01000-ignored',
    takenAway: 'a commit whose wait for a second node was cancelled counts as done',
    edits: [{ file: 'chassis/postgres.ts', find: "notReplicated ||= code === '01000'", put: "notReplicated ||= code === 'never'" }],
    detector: { ...CANCELLED, check: 'lost: ' }
  },
  {
    name: 'claim-without-a-barrier',
    takenAway: 'the relay publishes what it has claimed before a second node has the claim',
    edits: [
      {
        file: 'orchestrator/relay.ts',
        find: `async function claim(tx: Tx): Promise<CloudEvent[]> {
`,
        put: `async function claim(tx: Tx): Promise<CloudEvent[]> {
  await tx.query('set local synchronous_commit = local')
`
      }
    ],
    detector: { ...CANCELLED, check: 'which does not exist' }
  },
  {
    name: 'relay-by-notify-only',
    takenAway: 'the relay looks when the bell rings, and at no other time',
    edits: [
      {
        file: 'orchestrator/relay.main.ts',
        find: 'repeat(log, config.RELAY_IDLE_MS, passOnce)',
        put: 'repeat(log, 2_147_483_647, passOnce)'
      }
    ],
    detector: {
      test: 'orchestrator/relay.test.ts',
      needs: 'a shop',
      check: 'the process relays what no bell rang for'
    }
  },
  {
    name: 'acked-before-commit',
    takenAway: 'a consumer acknowledges an event before it has done anything about it',
    edits: [
      {
        file: 'chassis/consume.ts',
        find: `    try {
      await handle(eventOf(contract, delivery), delivery)
    } catch (err) {
      return settle(message, delivery, err)
    }
    channel.ack(message)
`,
        put: `    channel.ack(message)
    await handle(eventOf(contract, delivery), delivery).catch((err: unknown) => settle(message, delivery, err))
`
      }
    ],
    detector: {
      test: 'billing-service/crashes.test.ts',
      needs: 'a shop',
      check: 'an issuing process killed just before or just after its commit issues every order once'
    }
  },
  {
    name: 'auto-increment-folio',
    takenAway: 'folios are numbered by AUTO_INCREMENT, which a rollback does not give back',
    edits: [
      {
        file: 'db/mariadb/0001-receipts-tickets-mails.sql',
        find: '  folio     integer not null,\n',
        put: '  folio     integer not null auto_increment,\n  key (folio),\n'
      },
      {
        file: 'billing-service/issue-documents.ts',
        find: '[folio, orderId, netClp, ivaClp, totalClp,',
        put: '[null, orderId, netClp, ivaClp, totalClp,'
      }
    ],
    detector: {
      test: 'billing-service/issue-documents.test.ts',
      needs: 'a shop',
      check: 'folios have no gap and no repeat under parallel orders'
    }
  },
  {
    name: 'availability-from-a-replica',
    takenAway: 'the map that seats are chosen by is read from a standby',
    edits: [
      {
        file: 'reservation-service/api.ts',
        find: "import { openAvailability } from './availability.ts'",
        put: "import { watchStandby } from '../chassis/primary.ts'\nimport { openAvailability } from './availability.ts'"
      },
      {
        file: 'reservation-service/api.ts',
        find: 'const availability = openAvailability(writer)',
        put: "const availability = openAvailability(watchStandby(process.env.POSTGRES_NODES ?? '', log).pool)"
      },
      {
        file: 'reservation-service/read-availability.ts',
        find: "import { type Tx, transaction } from '../chassis/postgres.ts'",
        put: "import type { Tx } from '../chassis/postgres.ts'\nconst transaction = <T>(pool: Pool, work: (tx: Tx) => Promise<T>) => work(pool as unknown as Tx)"
      }
    ],
    detector: { scenario: 'postgres-replay-held', runs: 1, check: 'is shown as free' }
  }
]
