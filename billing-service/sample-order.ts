import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { EventOf } from '../chassis/delivery.ts'
import { schemaOf } from '../contracts/contract.ts'
import { OrdenCreada } from '../contracts/orden-creada.ts'
import type { SigningKey } from './ticket-keys.ts'

export const ISSUER = {
  rut: '76554369-K',
  name: 'TicketFlow Demo SpA',
  activity: 'Venta de entradas para espectáculos',
  address: 'Av. Libertador Bernardo O’Higgins 1449',
  city: 'Santiago'
}

/** An order as the seller announces it, for tests and for looking at pages. Every one is another order. */
export function sampleOrder(changes: Partial<OrdenCreada> = {}): OrdenCreada {
  const line = { lineNo: 1, seatNo: 412, section: 'Platea Alta', row: 'G', seat: '14', ticketType: 'General', priceClp: 45_000 }
  const lines = changes.lines ?? [line, { ...line, lineNo: 2, seatNo: 413, seat: '15' }]
  const serviceFeeClp = changes.serviceFeeClp ?? 4_500 * lines.length
  return {
    orderId: randomUUID(),
    code: randomUUID().slice(0, 8).toUpperCase(),
    sequence: 1,
    show: {
      showId: 7,
      code: 'los-jaivas',
      title: 'Los Faroles: Luz de invierno',
      venue: 'Teatro Municipal de Santiago',
      address: 'Agustinas 794',
      city: 'Santiago',
      startsAt: '2026-12-19T23:30:00.000Z',
      doorsAt: '2026-12-19T22:30:00.000Z',
      timeZone: 'America/Santiago'
    },
    lines,
    serviceFeeClp,
    totalClp: lines.reduce((clp, { priceClp }) => clp + priceClp, serviceFeeClp),
    buyer: { name: 'María José Ñuñez Peña', email: 'Maria.Nunez@example.cl', rut: '12345678-5' },
    language: 'es',
    madeAt: '2026-11-22T01:15:30.000Z',
    ...changes
  }
}

export function eventOf(order: OrdenCreada, id: string = randomUUID()): EventOf<typeof OrdenCreada> {
  const { type, source } = OrdenCreada
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject: order.orderId,
    time: order.madeAt,
    dataschema: schemaOf(OrdenCreada),
    data: order
  }
}

export function sampleKey(kid = 'k1'): SigningKey & { publicPem: string; privatePem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const publicPem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
  return { kid, privateKey, publicPem, privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() }
}
