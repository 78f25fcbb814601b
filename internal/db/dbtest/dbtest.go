// Package dbtest gives a test an empty, migrated database of its own: once on
// SQLite and once on PostgreSQL. The PostgreSQL server is the one that
// AMBASSADEUR_TEST_POSTGRES names, or one started for this test process.
//
// Start reading at Each.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest/pgserver"
)

// Each runs a test on both databases, as subtests "sqlite" and "postgres".
// The database is migrated and empty, and belongs to this test alone. Without
// PostgreSQL on the machine that half is skipped, unless REQUIRE_POSTGRES=1.
func Each(t *testing.T, run func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { run(t, Open(t, url)) })
}

// EachURL is Each for a test that opens the database itself.
func EachURL(t *testing.T, run func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// Open opens the database at the address and closes it when the test ends.
func Open(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

// SQLite returns the address of a migrated, empty database file.
func SQLite(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Postgres returns the address of a migrated, empty database. It skips the
// test when there is no PostgreSQL.
func Postgres(t testing.TB) string {
	t.Helper()
	return postgres(t, migrated)
}

// PostgresBare returns the address of a database without any table.
func PostgresBare(t testing.TB) string {
	t.Helper()
	return postgres(t, bare)
}

const (
	bare     = "template0"
	migrated = "ambassadeur_template"
)

func postgres(t testing.TB, template string) string {
	t.Helper()
	server, err := postgresServer()
	if errors.Is(err, pgserver.ErrMissing) && os.Getenv("REQUIRE_POSTGRES") != "1" {
		t.Skipf("PostgreSQL part skipped: %v", err)
	}
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	if template == migrated {
		if template, err = postgresTemplate(); err != nil {
			t.Fatalf("make the template database: %v", err)
		}
	}
	name := "test_" + strings.ReplaceAll(db.NewID(), "-", "")
	if err := admin(server, create(name, template)); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := admin(server, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("remove the test database: %v", err)
		}
	})
	return at(server, name)
}

// create makes a database that sorts by code point, whatever the machine's
// locale, as SQLite does.
func create(name, template string) string {
	return fmt.Sprintf("create database %s template %s encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", name, template)
}

// at returns the address of another database on the same server.
func at(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // postgresServer parsed it before
	}
	u.Path = "/" + name
	return u.String()
}

func admin(server string, statements ...string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// These run once per test process; what they make lives as long.
var (
	postgresServer = sync.OnceValues(func() (string, error) {
		if address := os.Getenv(pgserver.Env); address != "" {
			_, err := url.Parse(address)
			return address, err
		}
		s, err := ownServer()
		if err != nil {
			return "", err
		}
		return s.URL, nil
	})
	// ownServer holds on to the server: collected as garbage, it would close
	// its pipe and stop. It stops when this process ends.
	ownServer        = sync.OnceValues(func() (*pgserver.Server, error) { return pgserver.Start(context.Background()) })
	postgresTemplate = sync.OnceValues(makePostgresTemplate)
	sqliteTemplate   = sync.OnceValues(makeSQLiteTemplate)
)

func makeSQLiteTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ambassadeur-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing folded the write-ahead log into it
}

// makePostgresTemplate makes this process's own template: two packages under
// test at the same time may know different migrations.
func makePostgresTemplate() (string, error) {
	server, err := postgresServer()
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s_%d_%s", migrated, os.Getpid(), db.NewID()[:8])
	if err := admin(server, create(name, bare)); err != nil {
		return "", err
	}
	return name, migrate(at(server, name))
}

func migrate(address string) error {
	d, err := db.Open(context.Background(), db.Config{URL: address})
	if err != nil {
		return err
	}
	return d.Close()
}

// Exec runs statements in one transaction, for a test's fixtures.
func Exec(t testing.TB, d *db.DB, statements ...string) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
