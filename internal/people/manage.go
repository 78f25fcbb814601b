package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// Create adds a person and returns it with its id. A person who is given no
// language reads Dutch. The first real person beside demonstration persons
// (or the other way round) is refused.
func (s *Service) Create(ctx context.Context, actor string, p Person) (Person, error) {
	p = s.prepared(p)
	if err := p.check(); err != nil {
		return Person{}, err
	}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := refuseMixing(ctx, tx, p.Demo); err != nil {
			return err
		}
		if err := savePerson(ctx, tx, p, true); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, actor, "person.create", "person/"+p.ID); err != nil {
			return err
		}
		var err error
		p, err = s.getPerson(ctx, tx, p.ID)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("create person: %w", err)
	}
	return p, nil
}

func (s *Service) prepared(p Person) Person {
	if p.ID == "" {
		p.ID = s.NewID()
	}
	if p.Display.Lang == "" {
		p.Display.Lang = "nl"
	}
	p.Name, p.Email = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email)
	p.Created = s.Now()
	p.Audiences, p.Functions, p.Relations = slices.Clone(p.Audiences), slices.Clone(p.Functions), slices.Clone(p.Relations)
	return p
}

// Update replaces name, address, audiences, functions and relations.
func (s *Service) Update(ctx context.Context, actor string, p Person) error {
	p.Name, p.Email = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email)
	if p.Display.Lang == "" {
		p.Display.Lang = "nl"
	}
	if err := p.check(); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := savePerson(ctx, tx, p, false); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, "person.update", "person/"+p.ID)
	})
	if err != nil {
		return fmt.Errorf("update person %s: %w", p.ID, err)
	}
	return nil
}

// SetDisplay stores how the person wants the screen.
func (s *Service) SetDisplay(ctx context.Context, personID string, d Display) error {
	if err := d.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `update person set lang = $2, size = $3, calm = $4, theme = $5 where id = $1`,
			personID, d.Lang, d.Size, db.Int(d.Calm), d.Theme)
		return err
	})
}

// Get returns one person.
func (s *Service) Get(ctx context.Context, id string) (Person, error) {
	return s.getPerson(ctx, s.DB.Reader(), id)
}

// Name returns a person's name, or a NotFound fault.
func (s *Service) Name(ctx context.Context, id string) (string, error) {
	name, err := db.Get(ctx, s.DB.Reader(), db.Text, `select name from person where id = $1`, id)
	if errors.Is(err, db.ErrNotFound) {
		return "", fault.NewNotFound("people.not-found")
	}
	return name, err
}

// List returns everybody by name, as a list may show them.
func (s *Service) List(ctx context.Context) ([]Summary, error) {
	var out []Summary
	err := s.DB.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		out, err = db.List(ctx, tx, func(r db.Row) (Summary, error) {
			var p Summary
			var disabled, demo int64
			err := r.Scan(&p.ID, &p.Name, &disabled, &demo)
			p.Disabled, p.Demo = disabled != 0, demo != 0
			return p, err
		}, `select id, name, disabled_at, demo from person order by name, id`)
		if err != nil {
			return err
		}
		place := make(map[string]int, len(out))
		for i, p := range out {
			place[p.ID] = i
		}
		pairs, err := db.List(ctx, tx, func(r db.Row) ([2]string, error) {
			var p [2]string
			return p, r.Scan(&p[0], &p[1])
		}, `select person_id, function_id from person_function order by function_id`)
		for _, p := range pairs {
			if i, ok := place[p[0]]; ok {
				out[i].Functions = append(out[i].Functions, p[1])
			}
		}
		return err
	})
	return out, err
}

// InAudience returns the ids of the persons in an audience who may sign in,
// for news to that audience. It is for machinery, never for a list on a page.
func (s *Service) InAudience(ctx context.Context, a Audience) ([]string, error) {
	return db.List(ctx, s.DB.Reader(), db.Text, `select p.id from person_audience a join person p on p.id = a.person_id
		where a.audience = $1 and p.disabled_at = 0 order by p.id`, string(a))
}

// WithFunction returns the ids of the persons with a function who may sign in.
func (s *Service) WithFunction(ctx context.Context, functionID string) ([]string, error) {
	return db.List(ctx, s.DB.Reader(), db.Text, `select p.id from person_function f join person p on p.id = f.person_id
		where f.function_id = $1 and p.disabled_at = 0 order by p.id`, functionID)
}

// Disable ends all sessions of the person at once and keeps them from signing
// in. Links, cards and passkeys stop working; the rows stay.
func (s *Service) Disable(ctx context.Context, actor, personID string) error {
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := db.Exec(ctx, tx, `update person set disabled_at = $2 where id = $1`, personID, db.Micros(s.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NewNotFound("people.not-found")
		}
		for _, text := range []string{
			`delete from session where person_id = $1`,
			`delete from signin_request where person_id = $1`,
		} {
			if _, err := db.Exec(ctx, tx, text, personID); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, `update signin_card set revoked_at = $2, token_sealed = null where person_id = $1 and revoked_at = 0`, personID, db.Micros(s.Now())); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, "person.disable", "person/"+personID)
	})
	if err != nil {
		return fmt.Errorf("disable person %s: %w", personID, err)
	}
	return nil
}

// Erase removes a person and everything that this package keeps of them. The
// erasure is noted outside the database first, so that a restored backup
// forgets the person again. Only the id stays, in the audit.
func (s *Service) Erase(ctx context.Context, actor, personID string) error {
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := s.Erased(ctx, "person", personID); err != nil {
			return fmt.Errorf("note the erasure: %w", err)
		}
		if err := s.ReplayErasure(ctx, tx, personID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, "person.erase", "person/"+personID)
	})
	if err != nil {
		return fmt.Errorf("erase person %s: %w", personID, err)
	}
	return nil
}

// ReplayErasure removes a person's rows; nothing to remove is no error. Erase
// uses it, and a restore does for every noted erasure.
func (s *Service) ReplayErasure(ctx context.Context, tx *sql.Tx, personID string) error {
	if s.Forget != nil {
		if err := s.Forget(ctx, tx, personID); err != nil {
			return err
		}
	}
	// Nobody loses their support worker or manager: the deputy takes over.
	if _, err := db.Exec(ctx, tx, `update person_relation set to_id = deputy_id, deputy_id = null where to_id = $1 and deputy_id is not null`, personID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `delete from person where id = $1`, personID) // the rest cascades
	return err
}

// SupportedBy returns the ids of the persons for whom workerID is the support
// worker or the deputy.
func (s *Service) SupportedBy(ctx context.Context, workerID string) ([]string, error) {
	return supportedBy(ctx, s.DB.Reader(), workerID)
}

func supportedBy(ctx context.Context, q db.Queryer, workerID string) ([]string, error) {
	return db.List(ctx, q, db.Text, `select person_id from person_relation where to_id = $1 and kind = 'support_worker'
		union select person_id from person_relation where deputy_id = $1 and kind = 'support_worker' order by 1`, workerID)
}
