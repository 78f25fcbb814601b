package dbtest

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"ambassadeur/internal/db"
)

// NoScan fails the test when the database could answer the query only by
// reading a whole table, however few rows it has now.
func NoScan(t testing.TB, d *db.DB, query string, args ...any) {
	t.Helper()
	plan := Plan(t, d, query, args...)
	for _, step := range plan {
		lite := strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, " USING ") && !strings.Contains(step, "CONSTANT ROW")
		if lite || strings.Contains(step, "Seq Scan on") {
			t.Errorf("reads a whole table: %s\n%s", query, strings.Join(plan, "\n"))
			return
		}
	}
}

// Plan returns the steps that the database takes for a query. PostgreSQL is
// told to dislike whole tables, which it prefers when they are small.
func Plan(t testing.TB, d *db.DB, query string, args ...any) []string {
	t.Helper()
	ctx := context.Background()
	stats, err := d.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	err = d.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if stats.Engine == "sqlite" {
			plan, err = db.List(ctx, tx, func(r db.Row) (step string, err error) {
				var id, parent, unused int64
				return step, r.Scan(&id, &parent, &unused, &step)
			}, "explain query plan "+query, args...)
			return err
		}
		if _, err := tx.ExecContext(ctx, "set local enable_seqscan = off"); err != nil {
			return err
		}
		plan, err = db.List(ctx, tx, db.Text, "explain "+query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
