-- +goose Up
-- Who did what on which object: ids only, each row chained to the one before.
create table audit_entry (
  seq    integer not null primary key,
  at     integer not null,
  actor  text    not null,
  action text    not null,
  object text    not null,
  hash   blob    not null
) strict;

create index audit_entry_object on audit_entry (object, seq);
create index audit_entry_actor on audit_entry (actor, seq);
create index audit_entry_at on audit_entry (at);

-- The end of the chain, one row, signed: cutting entries off the end shows.
create table audit_head (
  id        integer not null primary key check (id = 1),
  seq       integer not null,
  hash      blob    not null,
  signature blob    not null
) strict;

-- What was pruned: the entries up to seq, of which the last had this hash.
create table audit_checkpoint (
  seq       integer not null primary key,
  previous  integer not null,
  hash      blob    not null,
  removed   integer not null,
  at        integer not null,
  signature blob    not null
) strict;

-- +goose StatementBegin
create trigger audit_entry_no_update before update on audit_entry
begin
  select raise(abort, 'audit entries are never changed');
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger audit_entry_no_delete before delete on audit_entry
when old.seq > (select coalesce(max(seq), 0) from audit_checkpoint)
begin
  select raise(abort, 'audit entries are removed behind a checkpoint only');
end;
-- +goose StatementEnd

-- +goose Down
drop table audit_checkpoint;
drop table audit_head;
drop table audit_entry;
