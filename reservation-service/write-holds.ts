import type { HoldRow } from './holds.ts'
import { integers } from './stock.ts'
import type { Part } from './write-batch.ts'

export function insertHolds(holds: HoldRow[]): Part {
  return {
    text: `insert into selling.holds (hold_id, show_id, fingerprint, total_clp, held_until, seat_nos, zone_nos, quantities, type_nos)
           select hold_id, show_id, fingerprint, total_clp, held_until,
                  seat_nos::integer[], zone_nos::integer[], quantities::integer[], type_nos::integer[]
           from unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[])
             as new (hold_id, show_id, fingerprint, total_clp, held_until, seat_nos, zone_nos, quantities, type_nos)`,
    values: [
      holds.map((row) => row.hold_id),
      integers(holds.map((row) => row.show_id)),
      holds.map((row) => row.fingerprint),
      integers(holds.map((row) => row.total_clp)),
      holds.map((row) => row.held_until.toISOString()),
      holds.map((row) => integers(row.seat_nos)),
      holds.map((row) => integers(row.zone_nos)),
      holds.map((row) => integers(row.quantities)),
      holds.map((row) => integers(row.type_nos))
    ]
  }
}

export function insertHeldPlaces(holds: HoldRow[]): Part {
  const places = holds.flatMap((hold) => hold.zone_nos.map((zoneNo, i) => ({ hold, zoneNo, quantity: hold.quantities[i]! })))
  return {
    text: `insert into selling.zone_holds (hold_id, show_id, zone_no, quantity, held_until)
           select * from unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::timestamptz[])`,
    values: [
      places.map(({ hold }) => hold.hold_id),
      integers(places.map(({ hold }) => hold.show_id)),
      integers(places.map(({ zoneNo }) => zoneNo)),
      integers(places.map(({ quantity }) => quantity)),
      places.map(({ hold }) => hold.held_until.toISOString())
    ]
  }
}
