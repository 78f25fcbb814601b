package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer: the database was migrated by a newer version of the program.
var ErrNewer = errors.New("the database was made by a newer version of this program")

// migrate applies what is missing, in the order of the numbers; one that was
// added later with a lower number still runs. A lock keeps processes that
// start together from applying a migration twice.
func (d *DB) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, d.dialect.folder())
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(d.dialect.goose(), d.write, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return d.Exclusive(ctx, "migrate", func(ctx context.Context) error {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate the database: %w", Normalise(err))
		}
		has, err := d.version(ctx)
		if err != nil {
			return err
		}
		sources := p.ListSources()
		if known := sources[len(sources)-1].Version; has > known {
			return fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewer, has, known)
		}
		return nil
	})
}

// version is the number of the newest migration that was applied.
func (d *DB) version(ctx context.Context) (int64, error) {
	v, err := Get(ctx, d.Reader(), Number, "select coalesce(max(version_id), 0) from goose_db_version")
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	return v, nil
}
