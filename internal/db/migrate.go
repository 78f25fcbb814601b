package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate applies what is missing. A lock keeps processes that start together
// from applying a migration twice.
func (d *DB) migrate(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	return d.Exclusive(ctx, "migrate", func(ctx context.Context) error {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate the database: %w", d.dialect.normalise(err))
		}
		return nil
	})
}

// version is the number of the newest migration that was applied.
func (d *DB) version(ctx context.Context) (int64, error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	v, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", d.dialect.normalise(err))
	}
	return v, nil
}

func (d *DB) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, d.dialect.folder())
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(d.dialect.goose(), d.write, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
