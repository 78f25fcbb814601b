-- +goose Up
-- All of it goes with the person.
-- How a person wants to be told; no row means the defaults.
create table notify_preference (
  person_id   text not null primary key references person (id) on delete cascade,
  channel     text not null check (channel in ('mail', 'screen')),
  pace        text not null check (pace in ('at_once', 'daily')),
  quiet       integer not null check (quiet in (0, 1)),
  quiet_from  integer not null check (quiet_from between 0 and 1439),
  quiet_to    integer not null check (quiet_to between 0 and 1439),
  yearly_card integer not null check (yearly_card in (0, 1)),
  updated_at  integer not null
) strict;

-- The kinds that a person wants no mail about.
create table notify_silence (
  person_id text not null references person (id) on delete cascade,
  kind      text not null,
  primary key (person_id, kind)
) strict;

-- One attempt to tell a person by mail. It is claimed before the mail leaves.
create table notify_mail (
  id         text not null primary key,
  person_id  text not null references person (id) on delete cascade,
  state      text not null check (state in ('claimed', 'sent', 'unsure', 'failed', 'refused')),
  failure    text not null default '',
  claimed_at integer not null,
  ended_at   integer not null default 0
) strict;

create index notify_mail_person on notify_mail (person_id);
create index notify_mail_state on notify_mail (state, claimed_at);

-- Something for a person to see. due_at 0: no mail about it.
create table notify_notice (
  id         text not null primary key,
  person_id  text not null references person (id) on delete cascade,
  kind       text not null,
  object     text not null,
  created_at integer not null,
  due_at     integer not null,
  read_at    integer not null default 0,
  mail_id    text references notify_mail (id) on delete set null
) strict;

create unique index notify_notice_unread on notify_notice (person_id, kind, object) where read_at = 0;
create index notify_notice_person on notify_notice (person_id, created_at);
create index notify_notice_due on notify_notice (due_at) where mail_id is null and due_at > 0;
create index notify_notice_mail on notify_notice (mail_id);

-- +goose Down
drop table notify_notice;
drop table notify_mail;
drop table notify_silence;
drop table notify_preference;
