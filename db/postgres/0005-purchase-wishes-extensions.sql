-- Why:   a purchase may ask for the best seats instead of naming them, and for ticket types; and its hold may be extended, once.
-- Locks: purchase.purchases, exclusively and for a moment: nothing is rewritten.
-- Undo:  alter table purchase.purchases drop column wish, drop column extended;

alter table purchase.purchases
  add column wish jsonb,                              -- what the seller is asked for; null before this column: seat_nos and places
  add column extended boolean not null default false; -- its hold has had its time once more

comment on column purchase.purchases.fingerprint is 'sha256 of the wish: another wish under this id is refused';
comment on column purchase.purchases.seat_nos is 'as chosen; of the best seats, those that were found, once they are held';
