// Package jobtest helps to test what is enqueued and what workers do.
package jobtest

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/job"
)

// New makes the tables of the queue and returns a queue that is not started.
// It logs to the test's output and is closed when the test ends.
func New(t testing.TB, d *db.DB, opts job.Options) *job.Queue {
	t.Helper()
	ctx := context.Background()
	if err := job.Migrate(ctx, d); err != nil {
		t.Fatal(err)
	}
	q, err := job.New(ctx, d, slog.New(slog.NewTextHandler(t.Output(), nil)), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// Start starts the queue until the test ends.
func Start(t testing.TB, q *job.Queue) {
	t.Helper()
	if err := q.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Stop(t, q) })
}

// Stop stops the queue and waits for the jobs that run.
func Stop(t testing.TB, q *job.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := q.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// Insert enqueues jobs in a transaction of their own.
func Insert(t testing.TB, d *db.DB, q *job.Queue, jobs ...job.Args) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, args := range jobs {
			if err := q.Insert(ctx, tx, args); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Kinds returns the kind of every job that waits or runs, oldest first.
func Kinds(t testing.TB, d *db.DB) []string {
	t.Helper()
	kinds, err := db.List(context.Background(), d.Reader(), db.Text,
		`select kind from river_job where state in ('available', 'running', 'retryable', 'scheduled') order by id`)
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// Drain runs the jobs that can run now, and those that they enqueue, and
// stops the queue again. Jobs for later, and failed ones, stay where they are.
func Drain(t testing.TB, d *db.DB, q *job.Queue) {
	t.Helper()
	if err := q.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer Stop(t, q)
	Wait(t, func() bool {
		n, err := db.Get(context.Background(), d.Reader(), db.Number,
			`select count(*) from river_job where state in ('available', 'running')`)
		if err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
}

// Wait waits at most a minute for done to return true.
func Wait(t testing.TB, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited a minute in vain")
		}
	}
}
