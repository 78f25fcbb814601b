-- +goose Up
-- An edition of the handbook and where it stands in its life. Times are
-- microseconds in UTC, 0 for not yet.
create table edition (
  id           text not null primary key,
  number       integer not null unique,
  state        text not null check (state in ('draft', 'consultation', 'adopted', 'in_force', 'superseded', 'revoked')),
  version      integer not null,
  hash         text not null,
  required     text not null default '[]',
  material     integer not null default 0,
  supersedes   text references edition (id),
  review_months integer not null,
  imported_at  integer not null,
  proposed_at  integer not null default 0,
  adopted_at   integer not null default 0,
  published_at integer not null default 0,
  valid_from   integer not null default 0,
  valid_until  integer not null default 0,
  revoked_at   integer not null default 0
) strict;
-- One edition in force, whatever the program thinks.
create unique index edition_in_force on edition (state) where state = 'in_force';

-- The text of an edition. A version that was in force never changes; a
-- correction is a further version.
create table edition_version (
  edition_id    text not null references edition (id),
  version       integer not null,
  hash          text not null,
  content       text not null,
  reason        text not null default '',
  created_at    integer not null,
  created_by    text not null,
  in_force_from integer not null default 0,
  primary key (edition_id, version)
) strict;
create index edition_version_by_hash on edition_version (hash);

-- What a council or officer advised about one text of an edition.
create table edition_advice (
  edition_id  text not null references edition (id),
  hash        text not null,
  body        text not null check (body in ('works_council', 'client_council', 'privacy_officer')),
  outcome     text not null check (outcome in ('positive', 'negative', 'none')),
  given_on    text not null,
  note        text not null default '',
  recorded_at integer not null,
  recorded_by text not null,
  primary key (edition_id, hash, body)
) strict;

create table edition_comment (
  id         text not null primary key,
  edition_id text not null references edition (id),
  hash       text not null,
  comment    text not null,
  created_at integer not null,
  created_by text not null
) strict;
create index edition_comment_by_edition on edition_comment (edition_id, created_at);

-- The tables beside the edition, whole, a row for each change.
create table projection_version (
  version    integer not null primary key,
  hash       text not null,
  body       text not null,
  created_at integer not null,
  created_by text not null
) strict;

-- One row that every node reads at most once a second: what to show now.
create table handbook_current (
  id                 integer not null primary key check (id = 1),
  seq                integer not null,
  edition_id         text not null,
  version            integer not null,
  projection_version integer not null
) strict;
insert into handbook_current (id, seq, edition_id, version, projection_version) values (1, 0, '', 0, 0);

-- Who read and understood which edition. No reading times, no scores.
create table acknowledgement (
  person_id    text not null,
  edition_id   text not null references edition (id),
  state        text not null check (state in ('invited', 'read', 'confirmed', 'lapsed')),
  hash         text not null default '',
  invited_at   integer not null,
  read_at      integer not null default 0,
  confirmed_at integer not null default 0,
  reminders    integer not null default 0,
  reminded_at  integer not null default 0,
  lapsed_at    integer not null default 0,
  primary key (person_id, edition_id)
) strict;
create index acknowledgement_by_edition on acknowledgement (edition_id, state, invited_at);

-- +goose Down
drop table acknowledgement;
drop table handbook_current;
drop table projection_version;
drop table edition_comment;
drop table edition_advice;
drop table edition_version;
drop table edition;
