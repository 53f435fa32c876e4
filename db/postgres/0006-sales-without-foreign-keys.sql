-- Why:   each check of a foreign key is a query of its own and a lock on the parent's row, per seat sold: a fifth of a sale's cost. A batch
--        writes parent and child from the same locked rows, and the ledger finds a child without its parent.
-- Locks: sold_seats, sold_places, zone_holds and their parents, exclusively, for a moment.
-- Undo:  add the constraints of 0001 again.

alter table selling.sold_seats
  drop constraint sold_seats_order_id_fkey,
  drop constraint sold_seats_show_id_seat_no_fkey;

alter table selling.sold_places
  drop constraint sold_places_order_id_fkey,
  drop constraint sold_places_show_id_zone_no_fkey;

alter table selling.zone_holds
  drop constraint zone_holds_hold_id_fkey,
  drop constraint zone_holds_show_id_zone_no_fkey;
