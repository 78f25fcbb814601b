package db

import (
	"context"
	"errors"
)

// Setting returns a value that the installation keeps about itself, such as
// which keys it knows; empty when it was never set.
func Setting(ctx context.Context, q Queryer, name string) (string, error) {
	value, err := Get(ctx, q, Text, `select value from setting where name = $1`, name)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return value, err
}

// SetSetting keeps a value under a name, in place of the one before.
func SetSetting(ctx context.Context, q Queryer, name, value string) error {
	_, err := Exec(ctx, q, `insert into setting (name, value) values ($1, $2)
		on conflict (name) do update set value = excluded.value`, name, value)
	return err
}
