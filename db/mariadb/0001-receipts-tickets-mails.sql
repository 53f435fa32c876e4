-- Why:   a paid order becomes one receipt, one ticket per seat and one mail, exactly once.
-- Locks: none, everything is new.
-- Undo:  drop the tables, in the reverse of this order.

create table inbox (
  event_id   char(36) character set ascii primary key,
  type       varchar(60) not null,
  deliveries integer not null default 1,             -- repeats are counted, not handled
  handled_at datetime(3) not null default (utc_timestamp(3))
) engine = InnoDB;

-- One row per order seen: the lock that keeps its events in sequence.
create table orders (
  order_id      char(36) character set ascii primary key,
  code          varchar(20) character set ascii not null unique,
  last_sequence integer not null,
  email         varchar(254) not null,               -- lower case
  language      char(2) character set ascii not null,
  data          longtext not null check (json_valid(data)),  -- OrdenCreada, as it came
  seen_at       datetime(3) not null default (utc_timestamp(3)),
  key orders_email (email)
) engine = InnoDB default charset = utf8mb4;

-- The counter is a row and not a sequence: a rollback gives the number back.
create table folios (
  document varchar(20) character set ascii primary key,
  last     integer not null check (last >= 0)
) engine = InnoDB;

insert into folios (document, last) values ('boleta', 0);

create table receipts (
  document  varchar(20) character set ascii not null,
  folio     integer not null,
  order_id  char(36) character set ascii not null,
  net_clp   integer not null,
  iva_clp   integer not null,
  total_clp integer not null check (total_clp > 0),
  data      longtext not null check (json_valid(data)),      -- everything the page prints
  issued_at datetime(3) not null default (utc_timestamp(3)),
  primary key (document, folio),
  unique key receipts_order (order_id, document),
  check (net_clp + iva_clp = total_clp)
) engine = InnoDB default charset = utf8mb4;

create table tickets (
  ticket_id char(36) character set ascii primary key,
  order_id  char(36) character set ascii not null,
  line_no   integer not null,
  show_id   integer not null,
  data      longtext not null check (json_valid(data)),      -- everything the page prints
  qr        varchar(400) character set ascii not null,       -- the signed text
  made_at   datetime(3) not null default (utc_timestamp(3)),
  unique key tickets_order (order_id, line_no)
) engine = InnoDB default charset = utf8mb4;

-- One row per file to be made; `bytes` comes later, from the rendering loop.
create table documents (
  order_id     char(36) character set ascii not null,
  name         varchar(40) character set ascii not null,     -- receipt, ticket-<lineNo>, tickets
  bytes        longblob,
  sha256       char(64) character set ascii,
  leased_until datetime(3),
  attempts     integer not null default 0,
  made_at      datetime(3) not null default (utc_timestamp(3)),
  rendered_at  datetime(3),
  primary key (order_id, name),
  key documents_waiting (rendered_at, made_at),
  check ((bytes is null) = (rendered_at is null))
) engine = InnoDB;

-- What happened to each mail; its state is the fold of these rows.
create table notification_events (
  position        bigint auto_increment primary key,
  notification_id char(36) character set ascii not null,
  sequence        integer not null,
  type            varchar(40) character set ascii not null,  -- NotificacionCreada, NotificacionEnviada, NotificacionFallida, NotificacionConfirmada
  data            longtext not null check (json_valid(data)),
  at              datetime(3) not null default (utc_timestamp(3)),
  unique key notification_events_sequence (notification_id, sequence)
) engine = InnoDB default charset = utf8mb4;

-- The work list of the deliverer: a mail with no row here is done. Derived from the events, kept for its index.
create table mails_due (
  notification_id char(36) character set ascii primary key,
  order_id        char(36) character set ascii,              -- null: a mail about no single order
  due_at          datetime(3) not null default (utc_timestamp(3)),
  leased_until    datetime(3),
  attempts        integer not null default 0,
  key mails_due_at (due_at),
  key mails_due_order (order_id)
) engine = InnoDB;

create table failed_events (
  event_id   char(36) character set ascii not null,
  queue      varchar(100) character set ascii not null,
  subject    varchar(60) character set ascii,
  reason     text not null,
  headers    longtext not null check (json_valid(headers)),
  body       longblob not null,
  failed_at  datetime(3) not null default (utc_timestamp(3)),
  primary key (event_id, queue)
) engine = InnoDB default charset = utf8mb4;
