-- Why:   a purchase spans the seller, the bank and the documents; its state outlives any process.
-- Locks: none, everything is new.
-- Undo:  drop schema purchase cascade;

create schema purchase;

-- States and their order: docs in contracts/purchase.ts.
create table purchase.purchases (
  purchase_id     uuid primary key,                -- chosen by the buyer's browser; also the hold's and the order's id
  buy_order       text not null unique,            -- the bank's name for it: the id in base 36, at most 26 characters
  fingerprint     text not null,                   -- sha256 of the choice: another choice under this id is refused
  state           text not null check (state in ('holding', 'held', 'paying', 'paid', 'ordered', 'documented',
                                                 'refused', 'released', 'expired', 'refunding', 'refunded')),
  show_id         integer not null,
  seat_nos        integer[] not null,
  zone_nos        integer[] not null,
  quantities      integer[] not null,
  lines           jsonb not null default '[]',     -- as the seller priced them
  service_fee_clp integer not null default 0,
  total_clp       integer not null default 0,
  held_until      timestamptz,
  buyer           jsonb,                           -- {name, email, rut?}
  language        text check (language in ('es', 'en')),
  consent         jsonb,                           -- {terms, privacy, at}: what was agreed to, and when
  order_code      text,                            -- the order number people read
  refusal         jsonb,                           -- {code, params}: why it ended where it did
  leased_until    timestamptz,                     -- in the future: an orchestrator is moving it on
  attempts        integer not null default 0,
  due_at          timestamptz not null default clock_timestamp(), -- when somebody should look at it again
  made_at         timestamptz not null default clock_timestamp(),
  changed_at      timestamptz not null default clock_timestamp()
);

create index purchases_due on purchase.purchases (due_at)
  where state in ('holding', 'held', 'paying', 'paid', 'ordered', 'refunding');

-- Every attempt to pay. A purchase may have several, one of them authorized.
create table purchase.payments (
  token       text primary key,                    -- the bank's
  purchase_id uuid not null references purchase.purchases,
  provider    text not null,
  amount_clp  integer not null check (amount_clp >= 0),
  url         text not null,                       -- the page the buyer is sent to
  state       text not null default 'started' check (state in ('started', 'authorized', 'rejected', 'abandoned', 'refunded')),
  detail      jsonb,                               -- the bank's last answer
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz
);

create index payments_purchase on purchase.payments (purchase_id);
create unique index payments_one_authorized on purchase.payments (purchase_id) where state = 'authorized';

grant usage on schema purchase to purchase;
grant select, insert, update, delete on all tables in schema purchase to purchase;
