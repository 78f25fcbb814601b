-- +goose Up
-- Who did what on which object: ids only, each row chained to the one before.
create table audit_entry (
  seq    bigint not null primary key,
  at     bigint not null,
  actor  text   not null,
  action text   not null,
  object text   not null,
  hash   bytea  not null
);

create index audit_entry_object on audit_entry (object, seq);
create index audit_entry_actor on audit_entry (actor, seq);
create index audit_entry_at on audit_entry (at);

-- The end of the chain, one row, signed: cutting entries off the end shows.
create table audit_head (
  id        bigint not null primary key check (id = 1),
  seq       bigint not null,
  hash      bytea  not null,
  signature bytea  not null
);

-- What was pruned: the entries up to seq, of which the last had this hash.
create table audit_checkpoint (
  seq       bigint not null primary key,
  previous  bigint not null,
  hash      bytea  not null,
  removed   bigint not null,
  at        bigint not null,
  signature bytea  not null
);

-- +goose StatementBegin
create function audit_entry_keep() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.seq <= (select coalesce(max(seq), 0) from audit_checkpoint) then
    return old;
  end if;
  raise exception 'audit entries are never changed, and removed behind a checkpoint only';
end
$$;
-- +goose StatementEnd

create trigger audit_entry_keep before update or delete on audit_entry
for each row execute function audit_entry_keep();

-- +goose Down
drop table audit_entry;
drop table audit_head;
drop table audit_checkpoint;
drop function audit_entry_keep();
