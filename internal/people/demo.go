package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// ErrRealPeople says that a demonstration was started on a database with real
// people.
var ErrRealPeople = errors.New("this database holds real people; a demonstration needs a database of its own")

// ErrDemoPeople says that the product was started for real on a database with
// demonstration persons, for whom anybody with the console has a link.
var ErrDemoPeople = errors.New("this database holds demonstration persons; start with a new database")

// CheckDemo refuses to start when the persons in the database do not belong to
// the way of starting: demo is true for a demonstration.
func (s *Service) CheckDemo(ctx context.Context, demo bool) error {
	n, err := countOthers(ctx, s.DB.Reader(), demo)
	switch {
	case err != nil:
		return fmt.Errorf("look for demonstration persons: %w", err)
	case n == 0:
		return nil
	case demo:
		return ErrRealPeople
	default:
		return ErrDemoPeople
	}
}

func countOthers(ctx context.Context, q db.Queryer, demo bool) (int64, error) {
	return db.Get(ctx, q, db.Number, `select count(*) from person where demo <> $1`, db.Int(demo))
}

func refuseMixing(ctx context.Context, tx *sql.Tx, demo bool) error {
	n, err := countOthers(ctx, tx, demo)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.NewConflict("people.demo-mixed")
	}
	return nil
}

// seedFile is the form of handbooks/demo/people.yaml.
type seedFile struct {
	People []struct {
		ID        string
		Name      string
		Email     string
		Audiences []Audience
		Functions []string
		Relations []struct {
			Kind       RelationKind
			To, Deputy string
		}
	}
}

// SeedDemo makes the demonstration persons of the file, those that are not
// there yet, and returns all of them in the file's order. An unknown key, an
// address that could exist or a relation to nobody is an error.
func (s *Service) SeedDemo(ctx context.Context, file []byte) ([]Person, error) {
	var f seedFile
	if err := yaml.UnmarshalWithOptions(file, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read demonstration persons: %w", err)
	}
	var out []Person
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out = out[:0]
		if err := refuseMixing(ctx, tx, true); err != nil {
			return ErrRealPeople
		}
		var fresh []Person
		for _, x := range f.People {
			p := Person{ID: x.ID, Name: x.Name, Email: x.Email, Audiences: x.Audiences, Functions: x.Functions, Demo: true}
			for _, r := range x.Relations {
				p.Relations = append(p.Relations, Relation{Kind: r.Kind, To: r.To, Deputy: r.Deputy})
			}
			p = s.prepared(p)
			if err := checkSeed(p, x.ID); err != nil {
				return err
			}
			n, err := db.Get(ctx, tx, db.Number, `select count(*) from person where id = $1`, p.ID)
			if err != nil {
				return err
			}
			if n == 0 {
				without := p
				without.Relations = nil // to persons who may come later in the file
				if err := savePerson(ctx, tx, without, true); err != nil {
					return fmt.Errorf("person %q: %w", p.ID, err)
				}
				fresh = append(fresh, p)
			}
		}
		for _, p := range fresh {
			if err := saveGroups(ctx, tx, p); err != nil {
				return fmt.Errorf("person %q: %w", p.ID, err)
			}
		}
		for _, x := range f.People {
			p, err := s.getPerson(ctx, tx, x.ID)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make demonstration persons: %w", err)
	}
	return out, nil
}

func checkSeed(p Person, id string) error {
	if id == "" {
		return errors.New("a demonstration person has no id")
	}
	if p.Email != "" && !strings.HasSuffix(p.Email, "@example.org") {
		return fmt.Errorf("person %q: addresses of demonstrations end in @example.org", id)
	}
	if err := p.check(); err != nil {
		return fmt.Errorf("person %q: %w", id, err)
	}
	return nil
}
