-- +goose Up
create table person (
  id            text not null primary key,
  name          text not null,
  email         text not null default '',
  email_folded  text unique,
  lang          text not null check (lang in ('nl', 'en')),
  size          text not null default '' check (size in ('', 'groot', 'groter')),
  calm          integer not null default 0,
  theme         text not null default '' check (theme in ('', 'light', 'dark')),
  demo          integer not null default 0,
  disabled_at   integer not null default 0,
  created_at    integer not null
) strict;

create table person_audience (
  person_id text not null references person (id) on delete cascade,
  audience  text not null check (audience in ('client', 'staff', 'volunteer')),
  primary key (person_id, audience)
) strict;
create index person_audience_by_audience on person_audience (audience, person_id);

create table person_function (
  person_id   text not null references person (id) on delete cascade,
  function_id text not null,
  primary key (person_id, function_id)
) strict;
create index person_function_by_function on person_function (function_id, person_id);

create table person_relation (
  person_id text not null references person (id) on delete cascade,
  kind      text not null check (kind in ('manager', 'support_worker', 'volunteer_coordinator')),
  to_id     text not null references person (id) on delete cascade,
  deputy_id text references person (id) on delete set null,
  primary key (person_id, kind)
) strict;
create index person_relation_by_to on person_relation (to_id, kind);
create index person_relation_by_deputy on person_relation (deputy_id, kind);

create table session (
  id          text not null primary key,
  token_hash  text not null unique,
  person_id   text not null references person (id) on delete cascade,
  method      text not null check (method in ('link', 'passkey', 'organisation', 'card')),
  borrowed    integer not null,
  strong_at   integer not null default 0,
  device      text not null,
  card_id     text not null default '',
  created_at  integer not null,
  seen_at     integer not null,
  expires_at  integer not null
) strict;
create index session_by_person on session (person_id, created_at);
create index session_by_card on session (card_id);
create index session_by_expiry on session (expires_at);

create table signin_request (
  id           text not null primary key,
  state        text not null check (state in ('requested', 'sent', 'showing', 'used', 'ended')),
  person_id    text references person (id) on delete cascade,
  email_sealed blob,
  token_hash   text unique,
  token_sealed blob,
  wait_hash    text unique,
  picture      text not null default '',
  device       text not null default '',
  repeatable   integer not null default 0,
  created_at   integer not null,
  expires_at   integer not null
) strict;
create index signin_request_by_person on signin_request (person_id, repeatable);
create index signin_request_by_expiry on signin_request (expires_at);

create table signin_ceremony (
  id_hash    text not null primary key,
  kind       text not null check (kind in ('passkey.add', 'passkey.use', 'organisation')),
  body       blob not null,
  expires_at integer not null
) strict;
create index signin_ceremony_by_expiry on signin_ceremony (expires_at);

create table passkey (
  id            text not null primary key,
  person_id     text not null references person (id) on delete cascade,
  credential_id text not null unique,
  name          text not null,
  body          blob not null,
  sign_count    integer not null,
  created_at    integer not null,
  used_at       integer not null default 0
) strict;
create index passkey_by_person on passkey (person_id, created_at);

create table identity (
  issuer     text not null,
  subject    text not null,
  person_id  text not null references person (id) on delete cascade,
  created_at integer not null,
  primary key (issuer, subject)
) strict;
create index identity_by_person on identity (person_id);

create table signin_card (
  id           text not null primary key,
  person_id    text not null references person (id) on delete cascade,
  token_hash   text not null unique,
  token_sealed blob,
  made_by      text not null,
  created_at   integer not null,
  revoked_at   integer not null default 0
) strict;
create index signin_card_by_person on signin_card (person_id, revoked_at);

create table card_device (
  id         text not null primary key,
  card_id    text not null references signin_card (id) on delete cascade,
  state      text not null check (state in ('waiting', 'confirmed', 'active', 'refused')),
  wait_hash  text not null unique,
  device     text not null,
  session_id text not null default '',
  created_at integer not null,
  expires_at integer not null
) strict;
create index card_device_by_card on card_device (card_id, state);
create index card_device_by_expiry on card_device (expires_at);

create table throttle (
  bucket   text not null primary key,
  spent    integer not null,
  ends_at  integer not null
) strict;
create index throttle_by_end on throttle (ends_at);

create table draft (
  person_id  text not null references person (id) on delete cascade,
  kind       text not null,
  ref        text not null,
  body       blob not null,
  updated_at integer not null,
  primary key (person_id, kind, ref)
) strict;

-- +goose Down
drop table draft;
drop table throttle;
drop table card_device;
drop table signin_card;
drop table identity;
drop table passkey;
drop table signin_ceremony;
drop table signin_request;
drop table session;
drop table person_relation;
drop table person_function;
drop table person_audience;
drop table person;
