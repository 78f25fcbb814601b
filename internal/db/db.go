// Package db is the seam to the database: it opens SQLite or PostgreSQL,
// applies the migrations, runs transactions, and gives errors one meaning.
// It owns every difference between the two databases; no other package
// branches on which one is in use. It knows no word of the domain.
//
// The same SQL text runs on both (see docs/architecture.md, "SQL subset").
// Start reading at Open, then Write.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Config says which database to open.
type Config struct {
	// URL is "sqlite:PATH" for a file, or "postgres://…".
	URL string
}

// DB is an open database. It is safe for use by several goroutines.
type DB struct {
	dialect dialect
	write   *sql.DB // SQLite: one connection, BEGIN IMMEDIATE. PostgreSQL: the pool.
	read    *sql.DB // connections that cannot write
	single  statements
}

// Open opens the database, checks that it answers, and applies the migrations
// that it lacks. Several nodes may open one PostgreSQL at the same time: each
// migration is applied once. The error says in words what is wrong and wraps
// the cause.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d, err := connect(cfg)
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("open database: %w", Normalise(err))
	}
	if err := d.migrate(ctx); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

func connect(cfg Config) (*DB, error) {
	switch {
	case strings.HasPrefix(cfg.URL, "sqlite:"):
		return openSQLite(strings.TrimPrefix(cfg.URL, "sqlite:"))
	case strings.HasPrefix(cfg.URL, "postgres://"), strings.HasPrefix(cfg.URL, "postgresql://"):
		return openPostgres(cfg.URL)
	default:
		return nil, errors.New(`database address must begin with "sqlite:" or "postgres://"`)
	}
}

// Close closes all connections. It waits for transactions that are running.
func (d *DB) Close() error {
	d.single.close()
	return errors.Join(d.read.Close(), d.write.Close()) // SQLite's last connection folds in the log, so the writer is last
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

// Write runs fn in a transaction that may change things and commits it when
// fn returns nil. On SQLite it is the only writer; on PostgreSQL it is
// SERIALIZABLE and is tried again after a serialization failure, so fn must
// have no effect outside the transaction. Whatever fn returns comes back
// unchanged; errors of the commit itself are wrapped.
//
// A Write inside a Write would wait for itself; it returns an error instead.
// Pass the transaction on.
func (d *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	if ctx.Value(writing{d}) != nil {
		return errors.New("db: Write inside Write; pass the transaction on")
	}
	ctx = context.WithValue(ctx, writing{d}, true)
	const tries = 12
	var err error
	for i := range tries {
		if err = d.once(ctx, d.write, d.dialect.writeOptions(), fn); err == nil || !d.dialect.retryable(err) {
			return err
		}
		if !sleep(ctx, backoff(i)) {
			return ctx.Err()
		}
	}
	return fmt.Errorf("gave up after %d tries: %w: %w", tries, ErrBusy, err)
}

// writing marks the context of a function that runs in Write.
type writing struct{ d *DB }

// backoff is half a fixed and half a random wait that doubles up to 256 ms, so
// that transactions that got in each other's way do not meet again.
func backoff(try int) time.Duration {
	half := time.Millisecond << min(try, 7)
	return half + rand.N(half)
}

// Read runs fn in a transaction that sees one moment and cannot write.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return d.once(ctx, d.read, d.dialect.readOptions(), fn)
}

// Reader answers single queries outside a transaction; each sees its own moment.
func (d *DB) Reader() Queryer { return reader{d} }

func (d *DB) once(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(context.Context, *sql.Tx) error) error {
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", Normalise(err))
	}
	defer func() { _ = tx.Rollback() }() // after Commit this does nothing
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", Normalise(err))
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
