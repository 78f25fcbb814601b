package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNoSnapshot: PostgreSQL has no snapshot in a file. Use Export, or the
// database's own tools.
var ErrNoSnapshot = errors.New("a snapshot in a file exists on SQLite only; on PostgreSQL use an export or pg_dump")

// SnapshotTo writes a complete copy of the database, jobs included, as of one
// moment to a new file, while others go on reading and writing. The copy is
// checked before it gets its name, and readable by its owner only. On
// PostgreSQL it returns ErrNoSnapshot.
func (d *DB) SnapshotTo(ctx context.Context, path string) error {
	if err := d.dialect.snapshot(ctx, path); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return nil
}

// Check looks for damage. On SQLite it reads the whole file: seconds per
// gigabyte. PostgreSQL guards its own pages, so there it only asks for an answer.
func (d *DB) Check(ctx context.Context) error {
	if err := d.dialect.check(ctx, d.read); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	return nil
}

func (postgresDialect) snapshot(context.Context, string) error { return ErrNoSnapshot }

func (postgresDialect) check(ctx context.Context, pool *sql.DB) error {
	return Normalise(pool.PingContext(ctx))
}

func (s sqliteDialect) snapshot(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	defer func() { _ = os.Remove(partial) }() // after the rename there is none
	if err := createPrivate(partial); err != nil {
		return err
	}
	// A connection of its own: query_only forbids this too, and the writer's is for writing.
	source, err := sql.Open("sqlite", sqliteDSN(s.path, "&mode=ro"))
	if err != nil {
		return err
	}
	_, err = source.ExecContext(ctx, "vacuum into $1", partial)
	if err = errors.Join(Normalise(err), source.Close()); err != nil {
		return err
	}
	copied, err := sql.Open("sqlite", sqliteDSN(partial, "&mode=ro", "query_only(1)"))
	if err != nil {
		return err
	}
	err = s.check(ctx, copied)
	if err = errors.Join(err, copied.Close()); err != nil {
		return err
	}
	if err := flush(partial); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

func (sqliteDialect) check(ctx context.Context, pool *sql.DB) error {
	rows, err := pool.QueryContext(ctx, `
		select integrity_check from pragma_integrity_check where integrity_check <> 'ok'
		union all
		select 'a reference of table ' || "table" || ' points to nothing' from pragma_foreign_key_check`)
	if err != nil {
		return Normalise(err)
	}
	defer func() { _ = rows.Close() }()
	var problems []error
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return err
		}
		problems = append(problems, errors.New(p))
	}
	return errors.Join(append(problems, Normalise(rows.Err()))...)
}

// flush makes a file or a folder's list of names survive a loss of power.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
