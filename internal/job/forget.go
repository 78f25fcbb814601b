package job

import (
	"context"
	"database/sql"
	"fmt"

	"ambassadeur/internal/db"
)

// Forget removes every job that has not run. It is for a database that was
// put back from a backup, before anything uses it: its jobs may have run
// since, and running them again would do things twice.
func Forget(ctx context.Context, d *db.DB) (int64, error) {
	if err := Migrate(ctx, d); err != nil { // an export has no tables for jobs
		return 0, err
	}
	var n int64
	err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		n, err = db.Exec(ctx, tx, `delete from river_job where state in ('available', 'pending', 'running', 'retryable', 'scheduled')`)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget jobs: %w", err)
	}
	return n, nil
}
