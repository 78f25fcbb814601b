package people

import (
	"context"
	"database/sql"
	"fmt"

	"ambassadeur/internal/db"
)

// Settle is for a database that was put back from a backup: it ends every
// session, because one that was ended since, such as of a lost phone, would
// be open again. Everybody signs in once more; what they were writing stays.
func Settle(ctx context.Context, tx *sql.Tx) error {
	if _, err := db.Exec(ctx, tx, `delete from session`); err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	return nil
}
