-- Why:   a seat that was given back remembers no block, and the release of a block has the same answer whenever it is repeated.
-- Locks: blocks, exclusively and for a moment.
-- Undo:  alter table selling.blocks drop column seat_nos;

alter table selling.blocks
  add column seat_nos integer[] not null default '{}'; -- ascending
