package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

// TestNodesStartTogether: four open an empty database at the same time; each
// migration is applied once.
func TestNodesStartTogether(t *testing.T) {
	ctx := context.Background()
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "new", "test.db") },
		"postgres": dbtest.PostgresBare,
	} {
		t.Run(name, func(t *testing.T) {
			address := url(t)
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					d, err := db.Open(ctx, db.Config{URL: address})
					if err != nil {
						t.Error(err)
						return
					}
					if err := d.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			d := dbtest.Open(t, address)
			versions, err := db.List(ctx, d.Reader(), db.Number, "select version_id from goose_db_version order by id")
			if err != nil {
				t.Fatal(err)
			}
			want := append([]int64{0}, files(t, name)...)
			if diff := cmp.Diff(want, versions); diff != "" {
				t.Errorf("applied (- want, + got):\n%s", diff)
			}
		})
	}
}

// TestNewerDatabase: an older program does not touch it.
func TestNewerDatabase(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.Exec(t, dbtest.Open(t, url), `insert into goose_db_version (version_id, is_applied) values (9999, true)`)
		if _, err := db.Open(context.Background(), db.Config{URL: url}); !errors.Is(err, db.ErrNewer) {
			t.Fatal(err)
		}
	})
}

var migrationName = regexp.MustCompile(`^(\d{4})_[a-z_]+\.sql$`)

func files(t *testing.T, dialect string) []int64 {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("migrations", dialect))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int64
	for _, e := range entries {
		m := migrationName.FindStringSubmatch(e.Name())
		if m == nil {
			t.Errorf("%s: a migration is called NNNN_name.sql", e.Name())
			continue
		}
		var n int64
		for _, digit := range m[1] {
			n = n*10 + int64(digit-'0')
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// TestBothDialectsMakeTheSameTables: the same files, tables, columns in the
// same order, keys and references. Queries are one text, and exports move.
func TestBothDialectsMakeTheSameTables(t *testing.T) {
	if diff := cmp.Diff(files(t, "sqlite"), files(t, "postgres")); diff != "" {
		t.Errorf("migrations (- sqlite, + postgres):\n%s", diff)
	}
	tables := func(url string) []db.Table {
		list, err := dbtest.Open(t, url).Tables(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	lite, pg := tables(dbtest.SQLite(t)), tables(dbtest.Postgres(t))
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Errorf("tables (- sqlite, + postgres):\n%s", diff)
	}
	seen := map[string]bool{}
	for _, table := range lite {
		if len(table.Key) == 0 {
			t.Errorf("table %s has no primary key", table.Name)
		}
		for _, r := range table.Refs {
			if !seen[r] {
				t.Errorf("table %s comes before %s, to which it points", table.Name, r)
			}
		}
		seen[table.Name] = true
	}
}

// TestNewDatabasesAreAlike: what migrations put in is the same on both, so an
// import can tell it from content.
func TestNewDatabasesAreAlike(t *testing.T) {
	export := func(url string) string {
		var b writer
		if err := dbtest.Open(t, url).Export(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if diff := cmp.Diff(export(dbtest.SQLite(t)), export(dbtest.Postgres(t))); diff != "" {
		t.Errorf("rows of a new database (- sqlite, + postgres):\n%s", diff)
	}
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) { *w = append(*w, p...); return len(p), nil }
