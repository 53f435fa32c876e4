import type { RowDataPacket } from 'mysql2/promise'
import type { Delivery, EventOf } from '../chassis/delivery.ts'
import type { MariaTx } from '../chassis/mariadb.ts'
import type { Contract } from '../contracts/contract.ts'
import { leaveFailed } from './failed-register.ts'
import { enterHeld, leaveHeld } from './hold-register.ts'
import { lockSequence, moveSequence, type Place } from './order-sequence.ts'

/** A queue, what comes in it, and what is done about it: now, or once an operator says so. */
export interface Reader<C extends Contract = Contract> {
  queue: string
  contract: C
  /** A method, so that readers of different events can stand in one list: each is given events of its own contract. */
  take(tx: MariaTx, event: EventOf<C>, delivery: Delivery): Promise<Taken>
}

export interface Taken {
  /** Its turn has not come: it is in the hold register. */
  held: boolean
  /** The next event of its order is on hold and may come now. */
  followed: boolean
}

type Apply<C extends Contract> = (tx: MariaTx, event: EventOf<C>) => Promise<void>
type OfOrder<C extends Contract> = EventOf<C> extends { data: Place } ? C : never

/**
 * Applies the events of an order in their sequence, whatever order they come in.
 * One that is too early goes on hold, and so does everything behind one that
 * failed: it never moved the sequence on. A number that was applied before, under
 * another event id, is another telling of a known thing: `apply` knows its order.
 *
 * @param apply - Enters the inbox, and does nothing for an event that is there already.
 */
export function readerInSequence<C extends Contract>(queue: string, contract: OfOrder<C>, apply: Apply<OfOrder<C>>): Reader<OfOrder<C>> {
  return {
    queue,
    contract,
    async take(tx, event, delivery) {
      const place = event.data as unknown as Place
      const last = await lockSequence(tx, place.orderId)
      const held = place.sequence > last + 1
      if (held) await enterHeld(tx, event.id, place, delivery)
      else await apply(tx, event)
      if (!held && place.sequence > last) await moveSequence(tx, place)
      const found = await look(tx, event.id, place)
      if (found.failed) await leaveFailed(tx, event.id)
      if (found.held && !held) await leaveHeld(tx, event.id)
      return { held, followed: !held && found.followed }
    }
  }
}

/** Applies events that come in no sequence. */
export function readerInAnyOrder<C extends Contract>(queue: string, contract: C, apply: Apply<C>): Reader<C> {
  return {
    queue,
    contract,
    async take(tx, event) {
      await apply(tx, event)
      const { failed } = await look(tx, event.id, { orderId: '', sequence: 0 })
      if (failed) await leaveFailed(tx, event.id)
      return { held: false, followed: false }
    }
  }
}

/** Looked up before anything is deleted: a delete that finds nothing locks a gap that others want to insert into. */
async function look(tx: MariaTx, eventId: string, { orderId, sequence }: Place): Promise<Record<'failed' | 'held' | 'followed', boolean>> {
  const [[row]] = await tx.execute<Array<RowDataPacket & Record<'failed' | 'held' | 'followed', number>>>(
    `select exists (select 1 from failed_events where event_id = ?) as failed,
            exists (select 1 from held_events where event_id = ?) as held,
            exists (select 1 from held_events where order_id = ? and sequence = ?) as followed`,
    [eventId, eventId, orderId, sequence + 1]
  )
  return { failed: row?.failed === 1, held: row?.held === 1, followed: row?.followed === 1 }
}
