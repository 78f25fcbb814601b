// Package job runs work later, and again when it fails. A job is enqueued in
// the transaction that makes it necessary: both happen or neither does. It
// runs at least once, so a worker asks the database whether its work is still
// to be done. Only this package knows the job library behind it.
//
// A job's arguments and its stored errors may be read by whoever keeps the
// database, for days: arguments are ids only (Register and Insert refuse
// other things), errors are fault keys only.
//
// What runs when: a job without At starts at once. A job with At, a retry and
// a periodic job are started by one elected node within about 5 seconds; when
// that node is killed another follows after about 20. A job whose node died in
// the middle runs again as soon as the node is back on SQLite, after
// Options.RescueAfter otherwise.
//
// Start reading at New, Register and Insert.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"ambassadeur/internal/db"
)

// Args are the arguments of a job. Kind names the work, like "mail.send", and
// never changes. The other fields are ids, numbers and yes or no.
type Args interface{ Kind() string }

// Options are what a queue may be told; the zero value is right for a server.
type Options struct {
	// Workers is how many jobs run at once; 8 when zero.
	Workers int
	// RescueAfter is how long a job may be silent before it is taken for dead
	// and runs again; 5 minutes when zero. It must exceed every time-out.
	RescueAfter time.Duration
	// Observe is told how each run ended; for metrics. It must be quick.
	Observe func(Outcome)
	// Discarded is told of a job that failed for the last time, after it was
	// logged. What is lost then must reach a person. A job that its process did
	// not survive at the last attempt is seen in ListFailed only.
	Discarded func(ctx context.Context, kind string, id int64)
}

const (
	defaultTimeout = time.Minute
	defaultRescue  = 5 * time.Minute
	maxAttempts    = 18 // with waits of n⁴ seconds: almost four days
	keepDone       = 48 * time.Hour
	keepDiscarded  = 90 * 24 * time.Hour
)

// Queue enqueues jobs and, once started, runs them.
type Queue struct {
	db      *db.DB
	log     *slog.Logger
	opts    Options
	jobs    db.Jobs
	client  *river.Client[*sql.Tx]
	workers *river.Workers
	leave   func() // set while started
}

// New prepares a queue on the database. It starts nothing; Migrate must have
// run before Insert. Close it when it is no longer needed.
func New(ctx context.Context, d *db.DB, log *slog.Logger, opts Options) (*Queue, error) {
	if opts.Workers == 0 {
		opts.Workers = 8
	}
	if opts.RescueAfter == 0 {
		opts.RescueAfter = defaultRescue
	}
	jobs, err := d.ForJobs(ctx)
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	q := &Queue{db: d, log: log, opts: opts, jobs: jobs, workers: river.NewWorkers()}
	q.client, err = river.NewClient(driver(jobs), &river.Config{
		CompletedJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepDiscarded,
		FetchCooldown:               20 * time.Millisecond,  // bounds what one node runs: 8 workers, 400 jobs a second
		FetchPollInterval:           500 * time.Millisecond, // when a notification was missed
		JobTimeout:                  min(defaultTimeout, opts.RescueAfter/2),
		Logger:                      slog.New(quiet{log.Handler()}),
		MaxAttempts:                 maxAttempts,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: opts.Workers}},
		RescueStuckJobsAfter:        opts.RescueAfter,
		Workers:                     q.workers,
	})
	if err != nil {
		q.Close()
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	return q, nil
}

// driver shares the pool that writes. On SQLite the library would otherwise
// compete with us for the lock: with a connection of its own it ran half as
// many jobs, and once, beside steady writing, none in a minute.
func driver(j db.Jobs) riverdriver.Driver[*sql.Tx] {
	if j.Listen != nil {
		return riverdatabasesql.NewWithPgxListener(j.Pool, j.Listen)
	}
	return riversqlite.New(j.Pool)
}

// Migrate makes the tables of the queue or brings them up to date. Several
// nodes may call it at the same time.
func Migrate(ctx context.Context, d *db.DB) error {
	jobs, err := d.ForJobs(ctx)
	if err != nil {
		return fmt.Errorf("migrate the queue: %w", err)
	}
	if jobs.Listen != nil {
		defer jobs.Listen.Close()
	}
	migrator, err := rivermigrate.New(driver(jobs), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("migrate the queue: %w", err)
	}
	return d.Exclusive(ctx, "migrate", func(ctx context.Context) error {
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("migrate the queue: %w", db.Normalise(err))
		}
		return nil
	})
}

// Start begins to run jobs. They see contexts that do not end with ctx; Stop
// ends them.
func (q *Queue) Start(ctx context.Context) error {
	if q.leave != nil {
		return errors.New("the queue is started already")
	}
	leave, err := q.db.Presence(ctx, "jobs", q.resume)
	if err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		leave()
		return fmt.Errorf("start the queue: %w", db.Normalise(err))
	}
	q.leave = leave
	return nil
}

// resume lets jobs run again at once that a process left in the middle when it
// was killed. One that was at its last attempt is left to the library, which
// discards it: it may be what killed the process.
func (q *Queue) resume(ctx context.Context) error {
	return q.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := db.Exec(ctx, tx, `update river_job set state = 'available' where state = 'running' and attempt < max_attempts`)
		if err == nil && n > 0 {
			q.log.Warn("jobs were left in the middle and run again", "count", n)
		}
		return err
	})
}

// Stop takes no new jobs and waits for those that run. When ctx ends first,
// their contexts are cancelled, and they run again after the next start.
func (q *Queue) Stop(ctx context.Context) error {
	if q.leave == nil {
		return nil
	}
	defer func() { q.leave(); q.leave = nil }()
	err := q.client.Stop(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := q.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("jobs did not stop: %w", err)
	}
	return nil
}

// Close frees what New took. Stop comes before it.
func (q *Queue) Close() {
	if q.jobs.Listen != nil {
		q.jobs.Listen.Close()
	}
}
