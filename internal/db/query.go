package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// What a query can run into, whichever database is behind it.
var (
	// ErrNotFound: Get found no row.
	ErrNotFound = errors.New("no such row")
	// ErrDuplicate: a row with that key exists already.
	ErrDuplicate = errors.New("row exists already")
	// ErrReference: the row points to one that is not there, or is pointed to.
	ErrReference = errors.New("reference to or from another row")
	// ErrFull: the disk is full. What was committed before is safe.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly: the database or its folder cannot be written.
	ErrReadOnly = errors.New("the database cannot be written")
	// ErrText: a text has a zero byte or is not UTF-8, which PostgreSQL cannot
	// hold. It is refused on both, so nothing gets in that cannot move.
	ErrText = errors.New("text that cannot be stored")
	// ErrBusy: the database did not become free in time.
	ErrBusy = errors.New("the database is busy")
)

// Queryer is what runs a query: a *sql.Tx, or Reader for one query by itself.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Row is one row to scan.
type Row interface{ Scan(dest ...any) error }

// Get returns the first row of the query, or ErrNotFound.
func Get[T any](ctx context.Context, q Queryer, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var zero T
	if err := checkText(args); err != nil {
		return zero, err
	}
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if err != nil {
		return zero, Normalise(err)
	}
	return v, nil
}

// List returns all rows of the query; none is an empty list and no error.
func List[T any](ctx context.Context, q Queryer, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	if err := checkText(args); err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, Normalise(err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		out = append(out, v)
	}
	return out, Normalise(rows.Err())
}

// Exec runs a statement and returns how many rows it changed.
func Exec(ctx context.Context, q Queryer, query string, args ...any) (int64, error) {
	if err := checkText(args); err != nil {
		return 0, err
	}
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, Normalise(err)
	}
	return res.RowsAffected()
}

func checkText(args []any) error {
	for i, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			return fmt.Errorf("argument %d: %w", i+1, ErrText)
		}
	}
	return nil
}

// Text scans one text column; for Get and List.
func Text(r Row) (string, error) {
	var s string
	return s, r.Scan(&s)
}

// Number scans one integer column; for Get and List.
func Number(r Row) (int64, error) {
	var n int64
	return n, r.Scan(&n)
}

// Micros is how a time is stored: microseconds since 1970 in UTC. The zero
// time is stored as 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time reads back what Micros stored.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Int is how a yes or no is stored.
func Int(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// NewID makes a UUIDv7: unique, and ordered by when it was made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
