package job

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river/rivertype"

	"ambassadeur/internal/db"
)

// Count is how many jobs of a kind are in a state: "available", "scheduled",
// "running", "retryable", "completed", "cancelled" or "discarded".
type Count struct {
	Kind, State string
	Jobs        int64
}

// Counts returns what is in the queue, for metrics and the status page.
func (q *Queue) Counts(ctx context.Context) ([]Count, error) {
	const query = `select kind, state, count(*) from river_job group by kind, state order by kind, state`
	counts, err := db.List(ctx, q.db.Reader(), func(r db.Row) (c Count, err error) {
		return c, r.Scan(&c.Kind, &c.State, &c.Jobs)
	}, query)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return counts, nil
}

// Failed is a job that failed for the last time.
type Failed struct {
	ID       int64
	Kind     string
	Attempts int
}

// ListFailed returns the jobs that failed for the last time, newest first.
// They are kept for 90 days.
func (q *Queue) ListFailed(ctx context.Context, limit int) ([]Failed, error) {
	const query = `select id, kind, attempt from river_job where state = 'discarded' order by id desc limit $1`
	failed, err := db.List(ctx, q.db.Reader(), func(r db.Row) (f Failed, err error) {
		return f, r.Scan(&f.ID, &f.Kind, &f.Attempts)
	}, query, limit)
	if err != nil {
		return nil, fmt.Errorf("list failed jobs: %w", err)
	}
	return failed, nil
}

// Retry lets a job that failed or waits for its next attempt run again now.
// db.ErrNotFound when there is no such job.
func (q *Queue) Retry(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := q.client.JobRetryTx(ctx, tx, id)
	if err == rivertype.ErrNotFound {
		return db.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("retry job %d: %w", id, db.Normalise(err))
	}
	return nil
}
