import type { Pool } from 'pg'

/**
 * One plan with a stage, two sections of 3 x 4 seats, and four shows of it: on sale, soon, over, and one on sale with
 * ticket types and limits, where seat 12 is a place for a wheelchair and seat 11 its companion's.
 */
export async function givenCatalogue(owner: Pool): Promise<void> {
  await owner.query(`
    insert into selling.plans (code, name, fingerprint, width, height, shapes) values ('casa', 'La casa', 'f', 400, 400,
      '[{"section": "Escenario", "shape": "rectangle", "x": 100, "y": 10, "width": 200, "height": 40, "color": "#e2e8f0", "text": "Escenario"}]');
    insert into selling.plan_categories values (1, 'Platea', '#9f1239');
    insert into selling.plan_sections values (1, 1, 'Platea', 100, 100, 190, 160, 12), (1, 2, 'Galería', 100, 200, 190, 260, 12);
    insert into selling.plan_seats
      select 1, n + 1, 'g' || n, 1 + n / 12, chr(65 + (n % 12) / 4), (1 + n % 4)::text, 'Platea', 100 + 30 * (n % 4), 100 * (1 + n / 12) + 30 * ((n % 12) / 4)
      from generate_series(0, 23) n;
    insert into selling.shows (code, plan_id, fingerprint, title, description_es, description_en, genre, venue, address, city,
                               starts_at, time_zone, sales_from, sales_until, service_fee_per_ticket_clp)
      select code, 1, 'f', title, 'Descripción', 'Description', 'Música', 'La casa', 'Calle 1', 'Santiago',
             now() + interval '30 days', 'America/Santiago', now() + from_now, now() + until_now, 1500
      from (values ('abierta', 'Función <abierta>', interval '-1 day', interval '29 days'),
                   ('pronto', 'Pronto', interval '5 days', interval '29 days'),
                   ('pasada', 'Pasada', interval '-2 days', interval '-1 day'),
                   ('familia', 'En familia', interval '-1 day', interval '29 days')) s (code, title, from_now, until_now);
    insert into selling.show_prices select show_id, 'Platea', 45000 from selling.shows;
    update selling.shows set tickets_per_order_max = 4, tickets_per_buyer_max = 8 where code = 'familia';
    insert into selling.ticket_types values (4, 1, 'Adulto'), (4, 2, 'Niño');
    insert into selling.show_prices values (4, 'Platea', 22500, 2);
    insert into selling.accessible_seats values (4, 12, 12), (4, 11, 12);
    insert into selling.show_zones (show_id, zone_no, name, capacity, price_clp, sold) values (1, 1, 'Cancha', 5, 20000, 2);
    insert into selling.seats (show_id, seat_no) select show_id, n from selling.shows, generate_series(1, 24) n;
    update selling.seats set state = 'sold', holder_id = gen_random_uuid() where seat_no = 2;
    update selling.seats set state = 'held', holder_id = gen_random_uuid(), held_until = now() - interval '1 second' where seat_no = 3;
  `)
}
