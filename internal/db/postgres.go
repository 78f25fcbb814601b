package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

type postgresDialect struct{ address string }

func (postgresDialect) name() string         { return "postgres" }
func (postgresDialect) goose() goose.Dialect { return goose.DialectPostgres }
func (postgresDialect) folder() string       { return "migrations/postgres" }
func (postgresDialect) oneMachine() bool     { return false }

func (postgresDialect) writeOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelSerializable}
}

func (postgresDialect) readOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// retryable: a serialization failure or a deadlock. The transaction had no
// effect and may simply be run again.
func (postgresDialect) retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// Connections per node. PostgreSQL allows 100 in all by default, so four nodes
// fit with room for psql and a backup.
const (
	postgresWriters = 12
	postgresReaders = 8
)

// openPostgres opens one pool that writes and one whose sessions are read-only.
func openPostgres(address string) (*DB, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil { // its text may hold the password
		return nil, errors.New("the PostgreSQL address cannot be read; expected postgres://user:password@host:port/name")
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "ambassadeur"
	}
	readOnly := cfg.Copy()
	readOnly.RuntimeParams["default_transaction_read_only"] = "on"
	return &DB{
		dialect: postgresDialect{address: address},
		write:   postgresPool(cfg, postgresWriters),
		read:    postgresPool(readOnly, postgresReaders),
	}, nil
}

func postgresPool(cfg *pgx.ConnConfig, size int) *sql.DB {
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

// listener is a pool for LISTEN: one connection, made when it is first used.
func (p postgresDialect) listener(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(p.address)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read")
	}
	cfg.MaxConns, cfg.MinConns = 1, 0
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("prepare the listener: %w", Normalise(err))
	}
	return pool, nil
}

// advisoryLock is a lock of one session, so the connection is kept for it.
type advisoryLock struct {
	conn *sql.Conn
	key  int64
}

func (postgresDialect) lock(ctx context.Context, d *DB, name string) (lock, error) {
	h := fnv.New64a()
	_, _ = h.Write([]byte("ambassadeur " + name)) // never fails
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, Normalise(err)
	}
	return &advisoryLock{conn: conn, key: int64(h.Sum64())}, nil
}

func (l *advisoryLock) tryAlone(ctx context.Context) (bool, error) {
	var got bool
	err := l.conn.QueryRowContext(ctx, "select pg_try_advisory_lock($1)", l.key).Scan(&got)
	return got, Normalise(err)
}

func (l *advisoryLock) share(ctx context.Context) error {
	_, err := l.conn.ExecContext(ctx, "select pg_advisory_lock_shared($1), pg_advisory_unlock($1)", l.key)
	return Normalise(err)
}

// release ends the session and with it the lock, whatever state it is in.
func (l *advisoryLock) release() {
	_ = l.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = l.conn.Close()
}
