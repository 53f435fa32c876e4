-- Why:   events of an order are applied in their sequence: one that comes too early, or behind one that failed, is on hold.
-- Locks: none that is waited for: a default changes and a column with one is added, both instantly; the rest is new.
-- Undo:  drop the new tables and the column `times`; set no default for orders.last_sequence.

-- The lock that keeps the events of an order in sequence. The row is there before the order is: the first event may be late.
create table order_sequences (
  order_id      char(36) character set ascii primary key,
  last_sequence integer not null check (last_sequence >= 0)  -- of the last event that was applied, or given up by a person
) engine = InnoDB;

insert into order_sequences (order_id, last_sequence) select order_id, last_sequence from orders;

-- No longer read. It stays for as long as a process of the version before may write it.
alter table orders alter column last_sequence set default 1;

-- Events whose turn has not come: another of the same order is missing, or failed.
create table held_events (
  event_id   char(36) character set ascii primary key,
  order_id   char(36) character set ascii not null,
  sequence   integer not null,
  queue      varchar(100) character set ascii not null,
  headers    longtext not null check (json_valid(headers)),
  body       longblob not null,
  deliveries integer not null default 1,             -- repeats are counted
  tries      integer not null default 0,             -- in vain, since its turn came
  held_at    datetime(3) not null default (utc_timestamp(3)),
  key held_events_order (order_id, sequence)
) engine = InnoDB default charset = utf8mb4;

alter table failed_events add column times integer not null default 1 after reason;  -- how often it failed

-- Failed events that a person gave up, for ever: who, when and why.
create table discarded_events (
  event_id      char(36) character set ascii not null,
  queue         varchar(100) character set ascii not null,
  subject       varchar(60) character set ascii,
  reason        text not null,                       -- why it failed
  headers       longtext not null check (json_valid(headers)),
  body          longblob not null,
  failed_at     datetime(3) not null,
  discarded_by  varchar(100) not null,
  discarded_for varchar(500) not null,               -- why it was given up
  discarded_at  datetime(3) not null default (utc_timestamp(3)),
  primary key (event_id, queue)
) engine = InnoDB default charset = utf8mb4;
