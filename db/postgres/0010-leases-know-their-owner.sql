-- Why:   a lease whose commit has an unknown fate is taken again by the command that took it, and renewed or given back by nobody else.
-- Locks: purchase.purchases, exclusively and for a moment: nothing is rewritten.
-- Undo:  alter table purchase.purchases drop column leased_by;

alter table purchase.purchases
  add column leased_by uuid; -- of one taking, not of a process; means something only beside leased_until
