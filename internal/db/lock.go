package db

import (
	"context"
	"fmt"
	"time"
)

// lock is a name that processes share: several may hold it shared, or one
// alone. It ends with the process that holds it, however that process ends.
type lock interface {
	tryAlone(ctx context.Context) (bool, error)
	share(ctx context.Context) error // gives up being alone
	release()
}

const lockPoll = 50 * time.Millisecond

// Exclusive runs fn while nobody else, in this process or another, runs one
// under the same name on this database. It waits for its turn until ctx ends.
// fn may use the database freely: no transaction is open.
func (d *DB) Exclusive(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	l, err := d.dialect.lock(ctx, d, name)
	if err != nil {
		return fmt.Errorf("lock %s: %w", name, err)
	}
	defer l.release()
	for {
		alone, err := l.tryAlone(ctx)
		if err != nil {
			return fmt.Errorf("lock %s: %w", name, err)
		}
		if alone {
			return fn(ctx)
		}
		if !sleep(ctx, lockPoll) {
			return fmt.Errorf("wait for lock %s: %w", name, ctx.Err())
		}
	}
}

// Presence announces that the caller takes part in name until it calls leave.
// When it is certain that nobody else takes part, first runs before anybody
// else can join; what an earlier process left half-done may be picked up
// there. On PostgreSQL a node cannot be certain, so first never runs.
func (d *DB) Presence(ctx context.Context, name string, first func(ctx context.Context) error) (leave func(), err error) {
	if !d.dialect.oneMachine() {
		return func() {}, nil
	}
	l, err := d.dialect.lock(ctx, d, name)
	if err != nil {
		return nil, fmt.Errorf("join %s: %w", name, err)
	}
	alone, err := l.tryAlone(ctx)
	if err == nil && alone {
		err = first(ctx)
	}
	if err == nil {
		err = l.share(ctx)
	}
	if err != nil {
		l.release()
		return nil, fmt.Errorf("join %s: %w", name, err)
	}
	return l.release, nil
}
