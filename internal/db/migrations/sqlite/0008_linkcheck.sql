-- +goose Up
-- How the link of each reference of the handbook was found last. Times are
-- microseconds in UTC, 0 for never.
create table link_check (
  reference  text not null primary key,
  url        text not null,
  outcome    text not null check (outcome in ('ok', 'locked', 'busy', 'status', 'network', 'timeout', 'redirects', 'refused')),
  status     integer not null,
  failures   integer not null,
  checked_at integer not null,
  good_at    integer not null default 0,
  task_at    integer not null default 0
) strict;

-- +goose Down
drop table link_check;
