-- Why:   the first sale. One narrow row per seat of a show; the row is the lock.
-- Locks: none, everything is new.
-- Undo:  drop schema selling cascade;

create schema selling;

-- A venue's numbered seats, as imported. Never changed once a show uses it: another plan has another code.
create table selling.plans (
  plan_id     integer generated always as identity primary key,
  code        text not null unique,
  name        text not null,
  fingerprint text not null,                       -- sha256 of the imported file: the same file again changes nothing
  width       double precision not null check (width > 0),
  height      double precision not null check (height > 0),
  -- Drawn areas, in the order of the file, every coordinate absolute in the plan's pixels:
  -- {sectionNo, section: its zone and the name of it, shape: rectangle | circle | ellipse | polygon | text, x, y (corner of a rectangle, centre of the
  --  round ones, origin of the others), width?, height?, radius?, radiusX?, radiusY?, points?: [[x, y]...], rotation? (degrees
  --  around x, y), color?, borderColor?, text?, textX?, textY?, textColor?, textSize?}. Colours are checked, texts have no markup.
  shapes      jsonb not null default '[]',
  imported_at timestamptz not null default clock_timestamp()
);

create table selling.plan_categories (
  plan_id  integer not null references selling.plans,
  category text not null,
  color    text not null,
  primary key (plan_id, category)
);

create table selling.plan_sections (
  plan_id    integer not null references selling.plans,
  section_no integer not null,                     -- in the order of the file
  name       text not null,
  left_px    double precision not null,            -- the box around the section's seats and areas, in the plan's pixels
  top_px     double precision not null,
  right_px   double precision not null,
  bottom_px  double precision not null,
  seats      integer not null,
  primary key (plan_id, section_no)
);

create table selling.plan_seats (
  plan_id    integer not null references selling.plans,
  seat_no    integer not null check (seat_no > 0), -- 1..n in the order of the file
  seat_guid  text not null,
  section_no integer not null,
  row_label  text not null,
  seat_label text not null,
  category   text not null,
  x          double precision not null,            -- absolute, in the plan's pixels
  y          double precision not null,
  primary key (plan_id, seat_no),
  unique (plan_id, seat_guid),
  foreign key (plan_id, section_no) references selling.plan_sections,
  foreign key (plan_id, category) references selling.plan_categories
);

create index plan_seats_section on selling.plan_seats (plan_id, section_no);

create table selling.shows (
  show_id                    integer generated always as identity primary key,
  code                       text not null unique,
  plan_id                    integer not null references selling.plans,
  fingerprint                text not null,        -- sha256 of the request: the same request again changes nothing
  title                      text not null,
  description_es             text not null,
  description_en             text not null,
  genre                      text not null,
  venue                      text not null,
  address                    text not null,
  city                       text not null,
  starts_at                  timestamptz not null,
  doors_at                   timestamptz,
  time_zone                  text not null,
  sales_from                 timestamptz not null,
  sales_until                timestamptz not null check (sales_until > sales_from),
  service_fee_per_ticket_clp integer not null check (service_fee_per_ticket_clp >= 0)
);

create table selling.show_prices (
  show_id   integer not null references selling.shows,
  category  text not null,
  price_clp integer not null check (price_clp >= 0),
  primary key (show_id, category)
);

-- Places without numbers: one counter per zone, locked after the seats.
create table selling.show_zones (
  show_id   integer not null references selling.shows,
  zone_no   integer not null check (zone_no > 0),
  name      text not null,
  capacity  integer not null check (capacity > 0),
  price_clp integer not null check (price_clp >= 0),
  sold      integer not null default 0 check (sold >= 0),
  held      integer not null default 0 check (held >= 0), -- sum of zone_holds, those that ran out included until somebody needs them
  primary key (show_id, zone_no),
  unique (show_id, name),
  check (sold + held <= capacity)
) with (fillfactor = 50);

-- Hot. Labels, rows, prices and positions live in the seat plan. Updates stay in
-- their page (HOT): there is room, and no index on a column that changes.
create table selling.seats (
  show_id    integer not null references selling.shows,
  seat_no    integer not null,
  state      text not null default 'free' check (state in ('free', 'held', 'sold')),
  holder_id  uuid,                                 -- the hold while held, the order once sold
  held_until timestamptz,                          -- in the past: a free seat that nobody has taken yet
  primary key (show_id, seat_no),
  check ((state = 'free') = (holder_id is null)),
  check ((state = 'held') = (held_until is not null))
) with (fillfactor = 70);

-- No foreign key to shows: its check would lock the show's one row in every sale.
create table selling.holds (
  hold_id         uuid primary key,                -- chosen by the caller: the idempotency key
  show_id         integer not null,
  seat_nos        integer[] not null,              -- ascending
  zone_nos        integer[] not null,              -- ascending, with quantities beside
  quantities      integer[] not null,
  total_clp       integer not null,                -- what was quoted
  held_until      timestamptz not null,
  released_at     timestamptz,                     -- let go by the buyer, for good: its id holds nothing again
  check (cardinality(seat_nos) + cardinality(zone_nos) > 0),
  check (cardinality(zone_nos) = cardinality(quantities))
);

-- The places that live holds have in zones; a row goes when its hold is released, sold or taken over.
create table selling.zone_holds (
  hold_id    uuid not null references selling.holds,
  show_id    integer not null,
  zone_no    integer not null,
  quantity   integer not null check (quantity > 0),
  held_until timestamptz not null,
  primary key (hold_id, zone_no),
  foreign key (show_id, zone_no) references selling.show_zones
);

create index zone_holds_expiry on selling.zone_holds (show_id, zone_no, held_until);

-- No foreign key to shows, for the same reason.
create table selling.orders (
  order_id        uuid primary key,                -- chosen by the caller: the idempotency key
  state           text not null default 'made' check (state in ('made', 'void')), -- void: a tombstone; no order will stand here
  code            text unique,                     -- for people; documents carry it
  show_id         integer,
  hold_id         uuid unique,                     -- what it was made from; a hold makes one order at most
  fingerprint     text,                            -- sha256 of the request: another body under this id is refused
  service_fee_clp integer check (service_fee_clp >= 0),
  total_clp       integer check (total_clp >= service_fee_clp),
  buyer_name      text,
  buyer_email     text,
  buyer_rut       text,
  language        text check (language in ('es', 'en')),
  made_at         timestamptz not null default clock_timestamp(),
  check (state = 'void' or (code is not null and show_id is not null and fingerprint is not null and service_fee_clp is not null
         and total_clp is not null and buyer_name is not null and buyer_email is not null and language is not null))
);

-- The second barrier behind the row lock, and the lines of an order. A refund deletes its rows.
create table selling.sold_seats (
  show_id     integer not null,
  seat_no     integer not null,
  order_id    uuid not null references selling.orders,
  line_no     integer not null,
  ticket_type text not null,
  price_clp   integer not null check (price_clp >= 0),
  primary key (show_id, seat_no),
  foreign key (show_id, seat_no) references selling.seats
);

create index sold_seats_order on selling.sold_seats (order_id);

-- The same for places in zones: one row per ticket.
create table selling.sold_places (
  order_id    uuid not null references selling.orders,
  line_no     integer not null,
  show_id     integer not null,
  zone_no     integer not null,
  ticket_type text not null,
  price_clp   integer not null check (price_clp >= 0),
  primary key (order_id, line_no),
  foreign key (show_id, zone_no) references selling.show_zones
);

-- What has happened, as CloudEvents 1.0. Rows stay after they are published; clean-up goes by age.
create table selling.outbox (
  position      bigint generated always as identity primary key,
  event_id      uuid not null unique,              -- also the message id: a repeat is recognised by it
  source        text not null,
  type          text not null,
  subject       text not null,
  dataschema    text not null,
  time          timestamptz not null default clock_timestamp(),
  data          jsonb not null,                    -- never changed
  claimed_until timestamptz,                       -- in the future: a relay is publishing it
  claims        integer not null default 0,
  published_at  timestamptz                        -- null again: publish once more, same id
) with (fillfactor = 80);

create index outbox_unpublished on selling.outbox (position) where published_at is null;
create index outbox_subject on selling.outbox (subject);

grant usage on schema selling to selling, relay;
grant select, insert, update, delete on all tables in schema selling to selling;
revoke update, delete on selling.outbox from selling;
grant select, update on selling.outbox to relay;
