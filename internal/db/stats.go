package db

import (
	"context"
	"database/sql"
	"fmt"
)

// Stats is what metrics and the status page tell about the database.
type Stats struct {
	Engine string // "sqlite" or "postgres"
	Schema int64  // number of the newest migration
	Bytes  int64  // size of the database
	Write  sql.DBStats
	Read   sql.DBStats
}

// Stats asks the database for its size; it is quick.
func (d *DB) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Engine: d.dialect.name(), Write: d.write.Stats(), Read: d.read.Stats()}
	var err error
	if s.Bytes, err = Get(ctx, d.Reader(), Number, d.dialect.sizeQuery()); err != nil {
		return Stats{}, fmt.Errorf("size of the database: %w", err)
	}
	if s.Schema, err = d.version(ctx); err != nil {
		return Stats{}, err
	}
	return s, nil
}

func (sqliteDialect) sizeQuery() string {
	return "select page_count * page_size from pragma_page_count(), pragma_page_size()"
}

func (postgresDialect) sizeQuery() string { return "select pg_database_size(current_database())" }
