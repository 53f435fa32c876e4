-- Why:   the portal reads what is on sale from a standby, through a role that sees these views and nothing else.
-- Locks: none, everything is new.
-- Undo:  drop schema catalogue cascade;

create schema catalogue;

create view catalogue.shows as
select s.show_id, s.code, s.plan_id, s.title, s.description_es, s.description_en, s.genre, s.venue, s.address, s.city,
       s.starts_at, s.doors_at, s.time_zone, s.sales_from, s.sales_until, s.service_fee_per_ticket_clp,
       p.name as plan_name, p.width, p.height, p.shapes,
       (select min(price_clp) from (select price_clp from selling.show_prices where show_id = s.show_id
                                    union all select price_clp from selling.show_zones where show_id = s.show_id) prices) as price_from_clp,
       (select max(price_clp) from (select price_clp from selling.show_prices where show_id = s.show_id
                                    union all select price_clp from selling.show_zones where show_id = s.show_id) prices) as price_to_clp
from selling.shows s
join selling.plans p using (plan_id);

-- One row per show: how much there is and how much of it is free.
create view catalogue.availability as
select s.show_id,
       coalesce(seats.total, 0) + coalesce(zones.total, 0) as total,
       coalesce(seats.free, 0) + coalesce(zones.free, 0) as free
from selling.shows s
left join lateral (
  select count(*)::integer as total,
         count(*) filter (where state = 'free' or (state = 'held' and held_until <= clock_timestamp()))::integer as free
  from selling.seats where show_id = s.show_id
) seats on true
left join lateral (
  select sum(capacity)::integer as total,
         sum(capacity - sold - held + coalesce(expired.quantity, 0))::integer as free
  from selling.show_zones z
  left join lateral (
    select sum(quantity) as quantity from selling.zone_holds h
    where h.show_id = z.show_id and h.zone_no = z.zone_no and h.held_until <= clock_timestamp()
  ) expired on true
  where z.show_id = s.show_id
) zones on true;

-- Sections of numbered seats with what is free in them.
create view catalogue.sections as
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
  join selling.show_prices r on r.show_id = s.show_id and r.category = t.category
  join selling.plan_categories k on k.plan_id = t.plan_id and k.category = t.category
  where t.plan_id = s.plan_id and t.section_no = c.section_no
) counts on counts.total > 0;

create view catalogue.zones as
select z.show_id, z.zone_no, z.name, z.capacity, z.price_clp,
       (z.capacity - z.sold - z.held + coalesce(expired.quantity, 0))::integer as free
from selling.show_zones z
left join lateral (
  select sum(quantity) as quantity from selling.zone_holds h
  where h.show_id = z.show_id and h.zone_no = z.zone_no and h.held_until <= clock_timestamp()
) expired on true;

create view catalogue.prices as
select s.show_id, r.category, r.price_clp, k.color
from selling.shows s
join selling.show_prices r using (show_id)
join selling.plan_categories k on k.plan_id = s.plan_id and k.category = r.category;

-- Every seat of a show. Ask for one section of one show at a time.
create view catalogue.seats as
select s.show_id, t.seat_no, t.section_no, t.row_label, t.seat_label, t.category, t.x, t.y, r.price_clp,
       case when x.state = 'held' and x.held_until <= clock_timestamp() then 'free' else x.state end as state
from selling.shows s
join selling.plan_seats t using (plan_id)
join selling.seats x on x.show_id = s.show_id and x.seat_no = t.seat_no
join selling.show_prices r on r.show_id = s.show_id and r.category = t.category;

grant usage on schema catalogue to catalogue;
grant select on all tables in schema catalogue to catalogue;
