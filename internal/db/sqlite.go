package db

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

type sqliteDialect struct{}

func (sqliteDialect) goose() goose.Dialect         { return goose.DialectSQLite3 }
func (sqliteDialect) folder() string               { return "migrations/sqlite" }
func (sqliteDialect) writeOptions() *sql.TxOptions { return nil }
func (sqliteDialect) readOptions() *sql.TxOptions  { return nil }
func (sqliteDialect) retryable(error) bool         { return false } // one writer: nothing to retry
func (sqliteDialect) normalise(err error) error    { return Normalise(err) }

// openSQLite opens one connection for writing, which begins IMMEDIATE, and
// four that can only read. Deferred transactions on a shared pool fail with
// "busy" when they start to write; with one writer none does (measured, see
// docs/decisions/0001). synchronous=FULL: what was committed survives a loss
// of power.
func openSQLite(path string) (*DB, error) {
	if path == "" {
		return nil, fmt.Errorf(`the database address "sqlite:" lacks a path`)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, "journal_mode(WAL)", "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	read, err := sql.Open("sqlite", sqliteDSN(path, "query_only(1)", ""))
	if err != nil {
		_ = write.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return &DB{dialect: sqliteDialect{}, write: write, read: read}, nil
}

func sqliteDSN(path, pragma, extra string) string {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "foreign_keys(1)", "synchronous(FULL)", pragma}}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	if extra != "" {
		dsn += "&" + extra
	}
	return dsn
}
