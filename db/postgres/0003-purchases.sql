-- Why:   a purchase spans the seller, the bank and the documents; its state outlives any process.
-- Locks: none, everything is new.
-- Undo:  drop schema purchase cascade;

create schema purchase;

-- States and their order: contracts/purchase.ts.
create table purchase.purchases (
  purchase_id     uuid primary key,                -- chosen by the buyer's browser; also the hold's and the order's id
  fingerprint     text not null,                   -- sha256 of the choice: another choice under this id is refused
  state           text not null default 'holding' check (state in ('holding', 'held', 'paying', 'paid', 'ordered', 'documented',
                                                 'refused', 'released', 'expired', 'refunding', 'refunded')),
  show_id         integer not null,
  seat_nos        integer[] not null,
  places          jsonb not null default '[]',     -- [{zoneNo, quantity}]
  lines           jsonb not null default '[]',     -- as the seller priced them
  service_fee_clp integer not null default 0,
  total_clp       integer not null default 0,
  held_until      timestamptz,
  buyer           jsonb,                           -- {name, email, rut?}
  language        text check (language in ('es', 'en')),
  consent         jsonb,                           -- {terms, privacy, at}: what was agreed to, and when by the server's clock
  order_code      text,                            -- the order number people read
  refusal         jsonb,                           -- {code, status, params}: why it ended where it did
  pay_attempts    integer not null default 0 check (pay_attempts <= 36), -- names given to the bank so far; no two attempts share one
  leased_until    timestamptz,                     -- in the future: an orchestrator is moving it on
  attempts        integer not null default 0,      -- looks in this state that moved nothing: they come further and further apart
  due_at          timestamptz default clock_timestamp(), -- when somebody should look at it again; null: it is over
  made_at         timestamptz not null default clock_timestamp(),
  changed_at      timestamptz not null default clock_timestamp(), -- when it came into its state
  check (state in ('holding', 'refused', 'released', 'expired') or held_until is not null),
  check (state not in ('paid', 'ordered', 'documented', 'refunding', 'refunded') or (buyer is not null and language is not null and consent is not null)),
  check (state not in ('ordered', 'documented') or order_code is not null)
) with (fillfactor = 70);

create index purchases_due on purchase.purchases (due_at) where due_at is not null;

-- Every attempt to pay. A purchase may have several; at most one of them takes money and keeps it.
create table purchase.payments (
  token       text primary key,                    -- the bank's
  purchase_id uuid not null references purchase.purchases,
  buy_order   text not null unique,                -- our name for it at the bank, at most 26 characters
  provider    text not null,
  amount_clp  integer not null check (amount_clp >= 0),
  url         text not null,                       -- the page the buyer is sent to
  state       text not null default 'started' check (state in (
                'started',                         -- the buyer may be at the bank
                'committing',                      -- a commit may have been sent: ask before sending another
                'authorized',                      -- the money is ours
                'rejected', 'abandoned',           -- no money moved
                'refunding',                       -- a refund may have been sent: ask before sending another
                'refunded')),
  detail      jsonb,                               -- the bank's last answer
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz
);

create index payments_purchase on purchase.payments (purchase_id);
create unique index payments_one_kept on purchase.payments (purchase_id) where state in ('committing', 'authorized');

-- Who asked for lost tickets lately: a limit per address that keeps no address.
create table purchase.lost_ticket_asks (
  address  text not null,                          -- keyed hash of the normalised mail address
  asked_at timestamptz not null default clock_timestamp()
);

create index lost_ticket_asks_address on purchase.lost_ticket_asks (address, asked_at);
create index lost_ticket_asks_age on purchase.lost_ticket_asks (asked_at);

grant usage on schema purchase to purchase;
grant select, insert, update, delete on all tables in schema purchase to purchase;
