-- +goose Up
-- How the link of each reference of the handbook was found last. Times are
-- microseconds in UTC, 0 for never.
create table link_check (
  reference  text not null primary key,
  url        text not null,
  outcome    text not null check (outcome in ('ok', 'locked', 'busy', 'status', 'network', 'timeout', 'redirects', 'refused')),
  status     bigint not null,
  failures   bigint not null,
  checked_at bigint not null,
  good_at    bigint not null default 0,
  task_at    bigint not null default 0
);

-- +goose Down
drop table link_check;
