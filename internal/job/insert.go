package job

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"ambassadeur/internal/db"
)

// Option changes how one job is enqueued.
type Option func(*river.InsertOpts)

// At lets the job wait until t. It starts within about 5 seconds after.
func At(t time.Time) Option {
	return func(o *river.InsertOpts) { o.ScheduledAt = t }
}

// Attempts is how often the job is tried in all; 18 when not said.
func Attempts(n int) Option {
	return func(o *river.InsertOpts) { o.MaxAttempts = n }
}

// Unique enqueues nothing when the same job, with the same arguments, waits
// or runs. What changed while that one runs may be missed by it, so use this
// for work that looks again later anyway.
func Unique() Option {
	return func(o *river.InsertOpts) {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}}
	}
}

// UniqueFor enqueues nothing when the same job, with the same arguments, was
// enqueued for the same window of time, even if it is done. Windows begin at
// multiples of d in UTC; d is at most 24 hours.
func UniqueFor(d time.Duration) Option {
	return func(o *river.InsertOpts) {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByPeriod: min(d, 24*time.Hour)}
	}
}

// Insert enqueues a job in the transaction: it exists when that commits. The
// kind must be registered. A job that a unique option left out is no error.
func (q *Queue) Insert(ctx context.Context, tx *sql.Tx, args Args, opts ...Option) error {
	if err := checkValues(args); err != nil {
		return err
	}
	var o river.InsertOpts
	for _, set := range opts {
		set(&o)
	}
	if _, err := q.client.InsertTx(ctx, tx, args, &o); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), db.Normalise(err))
	}
	return nil
}

// Every enqueues the job once in every window of d, from 1 second to 24
// hours, for as long as some node is started; also right after a start in a
// window that had none. Call it before Start.
//
// A job must not hang on running at a certain moment: let it look in the
// database for what is due.
func (q *Queue) Every(d time.Duration, args Args) {
	if d < time.Second || d > 24*time.Hour {
		panic(fmt.Sprintf("job %s: a period is 1 second to 24 hours, not %s", args.Kind(), d))
	}
	if err := checkValues(args); err != nil {
		panic(err)
	}
	var o river.InsertOpts
	UniqueFor(d)(&o)
	q.client.PeriodicJobs().Add(river.NewPeriodicJob(
		river.PeriodicInterval(d),
		func() (river.JobArgs, *river.InsertOpts) { return args, &o },
		&river.PeriodicJobOpts{RunOnStart: true},
	))
}
