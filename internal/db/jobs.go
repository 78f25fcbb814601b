package db

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Jobs is what package job needs to run its library on this database.
type Jobs struct {
	// Pool writes. On SQLite it has one connection, so nothing may ask it for
	// a second one while it holds the first.
	Pool *sql.DB
	// Listen waits for notifications on PostgreSQL; nil on SQLite. Whoever
	// asked for it closes it.
	Listen *pgxpool.Pool
}

// ForJobs is for package job only.
func (d *DB) ForJobs(ctx context.Context) (Jobs, error) {
	listen, err := d.dialect.listener(ctx)
	if err != nil {
		return Jobs{}, err
	}
	return Jobs{Pool: d.write, Listen: listen}, nil
}
