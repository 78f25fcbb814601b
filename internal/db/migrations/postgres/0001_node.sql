-- +goose Up
create table setting (
  name  text not null primary key,
  value text not null
);

-- +goose Down
drop table setting;
