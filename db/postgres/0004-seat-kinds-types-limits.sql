-- Why:   seats for wheelchairs and their companions, house seats, ticket types, limits per buyer and order, extended holds, requests
--        that name no seat; and the views that show them.
-- Locks: every altered table, exclusively and for a moment: nothing is rewritten, the checks are validated by one scan of seats and orders.
-- Undo:  alter table ... drop the columns and constraints, drop the new tables, create the views of 0002 again.

alter table selling.seats
  drop constraint seats_state_check,
  add constraint seats_state_check check (state in ('free', 'held', 'sold', 'blocked'));

comment on column selling.seats.holder_id is 'the hold while held, the order once sold, the block while blocked';

alter table selling.shows
  add column tickets_per_order_max integer not null default 10 check (tickets_per_order_max between 1 and 10),
  add column tickets_per_buyer_max integer check (tickets_per_buyer_max > 0), -- null: no limit
  add column no_orphan_seats boolean not null default false,                  -- a choice that strands a single seat is refused where it can be avoided
  add column focus_x double precision,                                        -- what the best seats are near to, in the plan's pixels; null: the middle of its top edge
  add column focus_y double precision,
  add check ((focus_x is null) = (focus_y is null));

-- Adult, child... A show without rows has one type, which is number 1 and is named by the category.
create table selling.ticket_types (
  show_id integer not null references selling.shows,
  type_no integer not null check (type_no > 0),   -- in the order of the request; 1 is the full price
  name    text not null,
  primary key (show_id, type_no),
  unique (show_id, name)
);

-- A category and a type without a row are not sold together. Type 1 is always there.
alter table selling.show_prices
  add column type_no integer not null default 1 check (type_no > 0),
  drop constraint show_prices_pkey,
  add primary key (show_id, category, type_no);

-- What the types after the first cost in a zone; the first is show_zones.price_clp.
create table selling.zone_prices (
  show_id   integer not null,
  zone_no   integer not null,
  type_no   integer not null check (type_no > 1),
  price_clp integer not null check (price_clp >= 0),
  primary key (show_id, zone_no, type_no),
  foreign key (show_id, zone_no) references selling.show_zones
);

-- A companion seat is sold only together with the accessible seat beside it.
create table selling.accessible_seats (
  show_id       integer not null references selling.shows,
  seat_no       integer not null,
  accessible_no integer not null,                  -- itself for an accessible seat, the seat it accompanies for a companion's
  primary key (show_id, seat_no)
);

-- House seats. The seats are in state blocked with the block as their holder.
create table selling.blocks (
  block_id    uuid primary key default gen_random_uuid(),
  show_id     integer not null references selling.shows,
  code        text not null,
  reason      text not null,
  fingerprint text not null,                       -- sha256 of the request: another body under this code is refused
  blocked_at  timestamptz not null default clock_timestamp(),
  released_at timestamptz,                         -- given back, for good: another block has another code
  unique (show_id, code)
);

alter table selling.holds
  add column fingerprint text,                     -- sha256 of the request; null before this column: the choice itself is compared
  add column type_nos integer[] not null default '{}', -- one per ticket, seats first, then places; empty: the first type for all
  add column extended_until timestamptz,           -- the one extension
  add column buyer text;                           -- normalised mail address, known once they begin to pay, and only where a limit asks for it

create index holds_buyer on selling.holds (show_id, buyer) where buyer is not null;

-- How many tickets a buyer has of a show that limits them. The row is the lock.
create table selling.buyer_tickets (
  show_id integer not null,
  buyer   text not null,                           -- normalised mail address
  sold    integer not null default 0 check (sold >= 0),
  primary key (show_id, buyer)
) with (fillfactor = 70);

create or replace view catalogue.shows as
select s.show_id, s.code, s.plan_id, s.title, s.description_es, s.description_en, s.genre, s.venue, s.address, s.city,
       s.starts_at, s.doors_at, s.time_zone, s.sales_from, s.sales_until, s.service_fee_per_ticket_clp,
       p.name as plan_name, p.width, p.height, p.shapes,
       (select min(price_clp) from (select price_clp from selling.show_prices where show_id = s.show_id
                                    union all select price_clp from selling.show_zones where show_id = s.show_id
                                    union all select price_clp from selling.zone_prices where show_id = s.show_id) prices) as price_from_clp,
       (select max(price_clp) from (select price_clp from selling.show_prices where show_id = s.show_id
                                    union all select price_clp from selling.show_zones where show_id = s.show_id
                                    union all select price_clp from selling.zone_prices where show_id = s.show_id) prices) as price_to_clp,
       s.tickets_per_order_max, s.tickets_per_buyer_max, s.no_orphan_seats
from selling.shows s
join selling.plans p using (plan_id);

create or replace view catalogue.sections as
select s.show_id, c.section_no, c.name, c.left_px, c.top_px, c.right_px, c.bottom_px, counts.total, counts.free,
       counts.price_from_clp, counts.price_to_clp, counts.color
from selling.shows s
join selling.plan_sections c using (plan_id)
join lateral (
  select count(*)::integer as total,
         count(*) filter (where x.state = 'free' or (x.state = 'held' and x.held_until <= clock_timestamp()))::integer as free,
         min(r.price_clp) as price_from_clp, max(r.price_clp) as price_to_clp,
         mode() within group (order by k.color) as color
  from selling.plan_seats t
  join selling.seats x on x.show_id = s.show_id and x.seat_no = t.seat_no
  join selling.show_prices r on r.show_id = s.show_id and r.category = t.category and r.type_no = 1
  join selling.plan_categories k on k.plan_id = t.plan_id and k.category = t.category
  where t.plan_id = s.plan_id and t.section_no = c.section_no
) counts on counts.total > 0;

create or replace view catalogue.prices as
select s.show_id, r.category, r.price_clp, k.color
from selling.shows s
join selling.show_prices r on r.show_id = s.show_id and r.type_no = 1
join selling.plan_categories k on k.plan_id = s.plan_id and k.category = r.category;

-- To a buyer a house seat is a seat that cannot be had.
create or replace view catalogue.seats as
select s.show_id, t.seat_no, t.section_no, t.row_label, t.seat_label, t.category, t.x, t.y, r.price_clp,
       case when x.state = 'held' and x.held_until <= clock_timestamp() then 'free'
            when x.state = 'blocked' then 'sold' else x.state end as state,
       case when a.seat_no is null then 'standard' when a.seat_no = a.accessible_no then 'accessible' else 'companion' end as kind,
       a.accessible_no
from selling.shows s
join selling.plan_seats t using (plan_id)
join selling.seats x on x.show_id = s.show_id and x.seat_no = t.seat_no
join selling.show_prices r on r.show_id = s.show_id and r.category = t.category and r.type_no = 1
left join selling.accessible_seats a on a.show_id = s.show_id and a.seat_no = t.seat_no;

-- The seats of a show that cannot be had now. Narrow: nothing of the plan is read.
create view catalogue.taken_seats as
select show_id, seat_no
from selling.seats
where state in ('sold', 'blocked') or (state = 'held' and held_until > clock_timestamp());

create view catalogue.ticket_types as
select show_id, type_no, name from selling.ticket_types;

-- What each type costs, by category of seats or by zone. Type 1 is there too.
create view catalogue.type_prices as
select show_id, category, null::integer as zone_no, type_no, price_clp from selling.show_prices
union all
select show_id, null, zone_no, 1, price_clp from selling.show_zones
union all
select show_id, null, zone_no, type_no, price_clp from selling.zone_prices;

grant select, insert, update, delete on all tables in schema selling to selling;
revoke update, delete on selling.outbox from selling;
grant select on all tables in schema catalogue to catalogue;
