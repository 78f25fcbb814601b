package people

import (
	"context"
	"database/sql"
	"fmt"

	"ambassadeur/internal/db"
)

// Settle is for a database that was put back from a backup: it ends every
// session, because one that was ended since, such as of a lost phone, would
// be open again, and with them everything that was about to become a session:
// links that may have been used, and devices that a card let in. Everybody
// signs in once more; what they were writing stays.
func Settle(ctx context.Context, tx *sql.Tx) error {
	for _, text := range []string{
		`delete from session`,
		`delete from signin_request`,
		`delete from signin_ceremony`,
		`delete from card_device`,
	} {
		if _, err := db.Exec(ctx, tx, text); err != nil {
			return fmt.Errorf("end all sessions: %w", err)
		}
	}
	return nil
}
