package db_test

import (
	"context"
	"database/sql"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

func TestWriteAndRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := db.Exec(ctx, tx, "insert into setting (name, value) values ($1, $2)", "a", "b")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Get(ctx, d.Reader(), db.Text, "select value from setting where name = $1", "a")
		if err != nil || got != "b" {
			t.Fatalf("got %q, %v", got, err)
		}
	})
}
