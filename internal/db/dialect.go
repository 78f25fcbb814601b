package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is everything in which the two databases differ, apart from the
// text of the migrations.
type dialect interface {
	name() string
	goose() goose.Dialect
	folder() string   // of the migrations
	oneMachine() bool // whether every process that uses the database runs on this machine
	writeOptions() *sql.TxOptions
	readOptions() *sql.TxOptions
	retryable(error) bool
	lock(ctx context.Context, d *DB, name string) (lock, error)
	listener(ctx context.Context) (*pgxpool.Pool, error)
	columnQuery() string    // rows of table, column, position in the primary key or 0
	referenceQuery() string // rows of table, table that it points to
	sizeQuery() string      // bytes
	deferReferences(ctx context.Context, tx *sql.Tx) (check func(context.Context) error, err error)
	snapshot(ctx context.Context, path string) error
	check(ctx context.Context, pool *sql.DB) error
}

// Normalise gives a driver's error one of the meanings of this package, and
// keeps the cause. It is the only place that knows the drivers' codes.
func Normalise(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound // sql.ErrNoRows adds nothing
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return withMeaning(postgresMeaning(pg.Code), err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return withMeaning(sqliteMeaning(lite.Code()), err)
	}
	return err
}

func withMeaning(meaning, cause error) error {
	if meaning == nil {
		return cause
	}
	if errors.Is(cause, meaning) {
		return cause
	}
	return fmt.Errorf("%w: %w", meaning, cause)
}

// postgresMeaning reads an SQLSTATE (PostgreSQL manual, appendix A).
func postgresMeaning(code string) error {
	switch code {
	case "23505":
		return ErrDuplicate
	case "23503":
		return ErrReference
	case "53100":
		return ErrFull
	case "25006", "42501":
		return ErrReadOnly
	case "22021", "22P05":
		return ErrText
	case "40001", "40P01", "55P03":
		return ErrBusy
	default:
		return nil
	}
}

// sqliteMeaning reads an extended result code (sqlite.org/rescode.html).
func sqliteMeaning(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return ErrDuplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrReference
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	default:
		return nil
	}
}
