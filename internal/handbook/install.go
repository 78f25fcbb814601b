package handbook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// Install fills an empty register with a first edition in force and the
// tables beside it, in one transaction. The organisation decided on that text
// before the program came, so its advice is recorded as not asked; every later
// edition goes the whole way. A register that holds an edition is left alone
// and ok is false.
func (e *Editions) Install(ctx context.Context, c *Content, p *Projection) (ok bool, err error) {
	if _, err := Compile(c, p); err != nil {
		return false, err
	}
	body, err := Canonical(c)
	if err != nil {
		return false, err
	}
	err = e.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ok = false
		if _, found, err := findEdition(ctx, tx, `number >= 0 limit 1`); err != nil || found {
			return err
		}
		if err := e.install(ctx, tx, c, body); err != nil {
			return err
		}
		ok = true
		return e.setProjection(ctx, tx, System(), p)
	})
	e.current.expire()
	if err != nil {
		return false, fmt.Errorf("install the handbook: %w", err)
	}
	return ok, nil
}

func (e *Editions) install(ctx context.Context, tx *sql.Tx, c *Content, body []byte) error {
	installer := Actor{ID: BySystem, Offices: []string{ByCommunications, ByDirector}}
	ed, err := e.importDraft(ctx, tx, installer, c, body, "installed")
	if err != nil {
		return err
	}
	if err := e.apply(ctx, tx, installer, &ed, eventPropose, e.propose(nil)); err != nil {
		return err
	}
	for _, b := range ed.Required {
		a := Advice{Body: b, Outcome: "none", On: e.moment().Format(time.DateOnly), Note: "decided before the program was installed", Hash: ed.Hash}
		if err := putAdvice(ctx, tx, ed.ID, a, db.Micros(e.moment()), installer.ID); err != nil {
			return err
		}
	}
	if err := e.apply(ctx, tx, installer, &ed, eventAdopt, e.adopt); err != nil {
		return err
	}
	return e.apply(ctx, tx, installer, &ed, eventPublish, e.publish(Publication{}))
}

// SetProjection puts tables in place of those that are shown. The same tables
// again change nothing.
func (e *Editions) SetProjection(ctx context.Context, actor Actor, p *Projection) error {
	if !actor.may(ByCommunications) && !actor.may(BySystem) {
		return fault.NewForbidden("edition.fault.office." + ByCommunications)
	}
	err := e.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return e.setProjection(ctx, tx, actor, p) })
	e.current.expire()
	if err != nil {
		return fmt.Errorf("set the projection: %w", err)
	}
	return nil
}

func (e *Editions) setProjection(ctx context.Context, tx *sql.Tx, actor Actor, p *Projection) error {
	body, err := canonical(p)
	if err != nil {
		return err
	}
	at, err := readPointer(ctx, tx)
	if err != nil {
		return err
	}
	_, hash, err := readProjection(ctx, tx, at.projection)
	if err != nil {
		return err
	}
	if hash == HashOf(body) {
		return nil
	}
	next := at.projection + 1
	if err := insertProjection(ctx, tx, next, body, db.Micros(e.moment()), actor.ID); err != nil {
		return err
	}
	if err := pointProjection(ctx, tx, next); err != nil {
		return err
	}
	return e.audit.Record(ctx, tx, actor.ID, "projection.update", fmt.Sprintf("projection/%d", next))
}

// ProjectionAt returns one state of the tables, by the number that
// EditionMeta gives, and those of what changed since the state before it.
func (e *Editions) ProjectionAt(ctx context.Context, version int64) (*Projection, []Change, error) {
	p, _, err := readProjection(ctx, e.db.Reader(), version)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil, fault.NewNotFound("edition.fault.not_found").Because(err)
	}
	if err != nil || version <= 1 {
		return p, nil, err
	}
	before, _, err := readProjection(ctx, e.db.Reader(), version-1)
	if err != nil {
		return nil, nil, err
	}
	return p, DiffProjection(before, p), nil
}
