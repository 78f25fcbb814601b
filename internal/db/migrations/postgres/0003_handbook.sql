-- +goose Up
-- An edition of the handbook and where it stands in its life. Times are
-- microseconds in UTC, 0 for not yet.
create table edition (
  id           text not null primary key,
  number       bigint not null unique,
  state        text not null check (state in ('draft', 'consultation', 'adopted', 'in_force', 'superseded', 'revoked')),
  version      bigint not null,
  hash         text not null,
  required     text not null default '[]',
  material     bigint not null default 0,
  supersedes   text references edition (id),
  review_months bigint not null,
  imported_at  bigint not null,
  proposed_at  bigint not null default 0,
  adopted_at   bigint not null default 0,
  published_at bigint not null default 0,
  valid_from   bigint not null default 0,
  valid_until  bigint not null default 0,
  revoked_at   bigint not null default 0
);
-- One edition in force, whatever the program thinks.
create unique index edition_in_force on edition (state) where state = 'in_force';

-- The text of an edition. A version that was in force never changes; a
-- correction is a further version.
create table edition_version (
  edition_id    text not null references edition (id),
  version       bigint not null,
  hash          text not null,
  content       text not null,
  reason        text not null default '',
  created_at    bigint not null,
  created_by    text not null,
  in_force_from bigint not null default 0,
  primary key (edition_id, version)
);
create index edition_version_by_hash on edition_version (hash);

-- What a council or officer advised about one text of an edition.
create table edition_advice (
  edition_id  text not null references edition (id),
  hash        text not null,
  body        text not null check (body in ('works_council', 'client_council', 'privacy_officer')),
  outcome     text not null check (outcome in ('positive', 'negative', 'none')),
  given_on    text not null,
  note        text not null default '',
  recorded_at bigint not null,
  recorded_by text not null,
  primary key (edition_id, hash, body)
);

create table edition_comment (
  id         text not null primary key,
  edition_id text not null references edition (id),
  hash       text not null,
  comment    text not null,
  created_at bigint not null,
  created_by text not null
);
create index edition_comment_by_edition on edition_comment (edition_id, created_at);

-- The tables beside the edition, whole, a row for each change.
create table projection_version (
  version    bigint not null primary key,
  hash       text not null,
  body       text not null,
  created_at bigint not null,
  created_by text not null
);

-- One row that every node reads at most once a second: what to show now.
create table handbook_current (
  id                 bigint not null primary key check (id = 1),
  seq                bigint not null,
  edition_id         text not null,
  version            bigint not null,
  projection_version bigint not null
);
insert into handbook_current (id, seq, edition_id, version, projection_version) values (1, 0, '', 0, 0);

-- Who read and understood which edition. No reading times, no scores.
create table acknowledgement (
  person_id    text not null,
  edition_id   text not null references edition (id),
  state        text not null check (state in ('invited', 'read', 'confirmed', 'lapsed')),
  hash         text not null default '',
  invited_at   bigint not null,
  read_at      bigint not null default 0,
  confirmed_at bigint not null default 0,
  reminders    bigint not null default 0,
  reminded_at  bigint not null default 0,
  lapsed_at    bigint not null default 0,
  primary key (person_id, edition_id)
);
create index acknowledgement_by_edition on acknowledgement (edition_id, state, invited_at);

-- +goose Down
drop table acknowledgement;
drop table handbook_current;
drop table projection_version;
drop table edition_comment;
drop table edition_advice;
drop table edition_version;
drop table edition;
