package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// Limits of drafts.
const (
	MaxDraft      = 64 << 10 // bytes of one draft
	maxDrafts     = 60       // of one person; the oldest goes
	maxDraftIdent = 100
)

// Draft is something that a person was busy with. Kind names the form, such
// as "story"; Ref which one, or is empty when there is only one.
type Draft struct {
	Kind    string
	Ref     string
	Updated time.Time
}

// SaveDraft keeps what somebody typed, encrypted, in place of what was kept
// under the same kind and ref. It stays until it is deleted, through sign-out
// and on a device that is not theirs too.
func (s *Service) SaveDraft(ctx context.Context, personID, kind, ref string, body []byte) error {
	if kind == "" || len(kind) > maxDraftIdent || len(ref) > maxDraftIdent {
		return fmt.Errorf("draft of kind %q: bad name", kind)
	}
	if len(body) > MaxDraft {
		return fault.NewInvalid("people.draft-too-long")
	}
	sealed, err := s.Box.Seal("people.draft."+personID, body)
	if err != nil {
		return fmt.Errorf("seal draft: %w", err)
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `insert into draft (person_id, kind, ref, body, updated_at) values ($1, $2, $3, $4, $5)
			on conflict (person_id, kind, ref) do update set body = excluded.body, updated_at = excluded.updated_at`,
			personID, kind, ref, sealed, db.Micros(s.Now()))
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `delete from draft where person_id = $1 and (kind, ref) not in
			(select kind, ref from draft where person_id = $1 order by updated_at desc, kind, ref limit $2)`, personID, maxDrafts)
		return err
	})
}

// GetDraft returns what was typed; a NotFound fault when nothing is kept.
func (s *Service) GetDraft(ctx context.Context, personID, kind, ref string) ([]byte, error) {
	sealed, err := db.Get(ctx, s.DB.Reader(), func(r db.Row) ([]byte, error) {
		var b []byte
		return b, r.Scan(&b)
	}, `select body from draft where person_id = $1 and kind = $2 and ref = $3`, personID, kind, ref)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NewNotFound("people.draft-gone")
	}
	if err != nil {
		return nil, err
	}
	return s.Box.Open("people.draft."+personID, sealed)
}

// ListDrafts lists what a person was busy with, the latest first.
func (s *Service) ListDrafts(ctx context.Context, personID string) ([]Draft, error) {
	return db.List(ctx, s.DB.Reader(), func(r db.Row) (Draft, error) {
		var d Draft
		var at int64
		err := r.Scan(&d.Kind, &d.Ref, &at)
		d.Updated = db.Time(at)
		return d, err
	}, `select kind, ref, updated_at from draft where person_id = $1 order by updated_at desc, kind, ref`, personID)
}

// DeleteDraft forgets a draft. Nothing to forget is no error.
func (s *Service) DeleteDraft(ctx context.Context, personID, kind, ref string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `delete from draft where person_id = $1 and kind = $2 and ref = $3`, personID, kind, ref)
		return err
	})
}
