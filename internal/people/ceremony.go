package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
)

// ceremonyLifetime is how long a browser may take between the two halves of a
// passkey or organisation sign-in.
const ceremonyLifetime = 30 * time.Minute

// beginCeremony keeps what the second half needs, encrypted, and returns the
// value for a cookie that ties the halves to one browser.
func (s *Service) beginCeremony(ctx context.Context, kind string, body []byte) (string, error) {
	cookie, err := s.token()
	if err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal("people.ceremony."+kind, body)
	if err != nil {
		return "", fmt.Errorf("seal ceremony: %w", err)
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `insert into signin_ceremony (id_hash, kind, body, expires_at) values ($1, $2, $3, $4)`,
			hash("ceremony", cookie), kind, sealed, db.Micros(s.Now().Add(ceremonyLifetime)))
		return err
	})
	return cookie, err
}

// errNoCeremony: the second half came without the first, twice, or too late.
var errNoCeremony = errors.New("people: no such ceremony")

// takeCeremony returns what was kept and forgets it: each works once, whether
// the second half succeeds or not.
func (s *Service) takeCeremony(ctx context.Context, kind, cookie string) ([]byte, error) {
	var sealed []byte
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		sealed, err = db.Get(ctx, tx, func(r db.Row) ([]byte, error) {
			var b []byte
			return b, r.Scan(&b)
		}, `delete from signin_ceremony where id_hash = $1 and kind = $2 and expires_at > $3 returning body`,
			hash("ceremony", cookie), kind, db.Micros(s.Now()))
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoCeremony
	}
	if err != nil {
		return nil, err
	}
	return s.Box.Open("people.ceremony."+kind, sealed)
}
