package handbook

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// Auditor keeps the line that says who did what to which object.
type Auditor interface {
	Record(ctx context.Context, tx *sql.Tx, actor, action, object string) error
}

// Published is told in the transaction that puts an edition in force, so that
// the announcement to the audiences commits with it or not at all.
type Published func(ctx context.Context, tx *sql.Tx, e Edition) error

// EditionsConfig is what the register needs from its surroundings.
type EditionsConfig struct {
	DB    *db.DB
	Audit Auditor
	// Published may be nil: nobody is told.
	Published Published
	// Now may be nil: the clock of the machine.
	Now func() time.Time
}

// Editions is the register: every edition of the handbook, its life, and the
// one in force. It is safe for use by several goroutines and nodes.
type Editions struct {
	db        *db.DB
	audit     Auditor
	published Published
	now       func() time.Time
	current   currentCache
}

// NewEditions makes the register.
func NewEditions(cfg EditionsConfig) *Editions {
	e := &Editions{db: cfg.DB, audit: cfg.Audit, published: cfg.Published, now: cfg.Now}
	if e.now == nil {
		e.now = time.Now
	}
	if e.published == nil {
		e.published = func(context.Context, *sql.Tx, Edition) error { return nil }
	}
	return e
}

// moment is now as the database keeps it.
func (e *Editions) moment() time.Time { return e.now().UTC().Truncate(time.Microsecond) }

// change runs one event of an edition: load, may this actor, guard, work,
// save, audit line. work may change the edition and its neighbours.
func (e *Editions) change(ctx context.Context, actor Actor, id, event string, work func(context.Context, *sql.Tx, *Edition) error) error {
	err := e.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ed, err := getEdition(ctx, tx, id)
		if err != nil {
			return err
		}
		return e.apply(ctx, tx, actor, &ed, event, work)
	})
	e.current.expire()
	if err != nil {
		return fmt.Errorf("%s edition %s: %w", event, id, err)
	}
	return nil
}

func (e *Editions) apply(ctx context.Context, tx *sql.Tx, actor Actor, ed *Edition, event string, work func(context.Context, *sql.Tx, *Edition) error) error {
	t, ok := editionMachine().step(string(ed.State), event)
	if !ok {
		return stateFault(ed.State)
	}
	if !actor.may(t.Who) {
		return fault.NewForbidden("edition.fault.office." + t.Who)
	}
	if err := work(ctx, tx, ed); err != nil {
		return err
	}
	was := ed.State
	ed.State = State(t.To)
	if err := updateEdition(ctx, tx, *ed, was); err != nil {
		return err
	}
	return e.audit.Record(ctx, tx, actor.ID, "edition."+event, "edition/"+ed.ID)
}

// Import stores a content as a draft, or puts it in place of the draft with
// the same number. It is for communications, and for the program when an
// administrator calls it on the machine. note says where it came from.
func (e *Editions) Import(ctx context.Context, actor Actor, c *Content, note string) (Edition, error) {
	if !actor.may(ByCommunications) && !actor.may(BySystem) {
		return Edition{}, fault.NewForbidden("edition.fault.office." + ByCommunications)
	}
	if _, err := Compile(c, nil); err != nil {
		return Edition{}, err
	}
	body, err := Canonical(c)
	if err != nil {
		return Edition{}, err
	}
	var out Edition
	err = e.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out, err = e.importDraft(ctx, tx, actor, c, body, note)
		return err
	})
	if err != nil {
		return Edition{}, fmt.Errorf("import edition %d: %w", c.Book.Edition.Number, err)
	}
	return out, nil
}

func (e *Editions) importDraft(ctx context.Context, tx *sql.Tx, actor Actor, c *Content, body []byte, note string) (Edition, error) {
	now := e.moment()
	v := Version{Version: 1, Hash: HashOf(body), Reason: note, CreatedAt: db.Micros(now), CreatedBy: actor.ID}
	ed, exists, err := findEdition(ctx, tx, `number = $1`, c.Book.Edition.Number)
	switch {
	case err != nil:
		return ed, err
	case exists && ed.State != Draft:
		return ed, fault.NewConflict("edition.fault.number_taken", "Number", ed.Number).WithHint("edition.hint.number")
	case exists:
		ed.Hash, ed.ReviewMonths, ed.ImportedAt = v.Hash, c.Book.Edition.ReviewMonths, now
		if err := replaceVersion(ctx, tx, ed.ID, v, body); err != nil {
			return ed, err
		}
		err = updateEdition(ctx, tx, ed, Draft)
	default:
		ed = Edition{ID: db.NewID(), Number: c.Book.Edition.Number, State: Draft, Version: 1, Hash: v.Hash,
			ReviewMonths: c.Book.Edition.ReviewMonths, ImportedAt: now}
		if err := insertEdition(ctx, tx, ed); err != nil {
			return ed, err
		}
		err = insertVersion(ctx, tx, ed.ID, v, body)
	}
	if err != nil {
		return ed, err
	}
	return ed, e.audit.Record(ctx, tx, actor.ID, "edition.import", "edition/"+ed.ID)
}

// Propose opens the consultation. bodies are those whose advice is asked; nil
// asks those that RequiredAdvice names.
func (e *Editions) Propose(ctx context.Context, actor Actor, id string, bodies []Body) error {
	return e.change(ctx, actor, id, eventPropose, e.propose(bodies))
}

func (e *Editions) propose(bodies []Body) func(context.Context, *sql.Tx, *Edition) error {
	return func(ctx context.Context, tx *sql.Tx, ed *Edition) error {
		if bodies == nil {
			c, err := readContent(ctx, tx, ed.ID, ed.Version)
			if err != nil {
				return err
			}
			bodies = RequiredAdvice(c)
		}
		if len(bodies) == 0 || slices.ContainsFunc(bodies, func(b Body) bool { return !slices.Contains(Bodies(), b) }) {
			return fault.NewInvalid("edition.fault.bodies").On("bodies")
		}
		ed.Required = slices.Compact(slices.Sorted(slices.Values(bodies)))
		ed.ProposedAt = e.moment()
		return nil
	}
}

// Advise records what a body said about the text as it stands. It may be said
// anew while the consultation lasts.
func (e *Editions) Advise(ctx context.Context, actor Actor, id string, a Advice) error {
	if !actor.may(ByCommunications) {
		return fault.NewForbidden("edition.fault.office." + ByCommunications)
	}
	if _, err := time.Parse(time.DateOnly, a.On); err != nil {
		return fault.NewInvalid("edition.fault.date").On("on")
	}
	if !slices.Contains([]string{"positive", "negative", "none"}, a.Outcome) {
		return fault.NewInvalid("edition.fault.advice_unknown").On("outcome")
	}
	err := e.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ed, err := getEdition(ctx, tx, id)
		if err != nil {
			return err
		}
		if ed.State != Consultation {
			return stateFault(ed.State)
		}
		if !slices.Contains(ed.Required, a.Body) {
			return fault.NewInvalid("edition.fault.advice_unknown").On("body")
		}
		a.Hash = ed.Hash
		if err := putAdvice(ctx, tx, id, a, db.Micros(e.moment()), actor.ID); err != nil {
			return err
		}
		return e.audit.Record(ctx, tx, actor.ID, "edition.advise", "edition/"+id)
	})
	if err != nil {
		return fmt.Errorf("advise edition %s: %w", id, err)
	}
	return nil
}

// Comment sends the edition back to draft with what the consultation asked to
// change.
func (e *Editions) Comment(ctx context.Context, actor Actor, id, comment string) error {
	comment = strings.TrimSpace(comment)
	if comment == "" || len(comment) > maxBlocks {
		return fault.NewInvalid("edition.fault.reason").On("comment")
	}
	return e.change(ctx, actor, id, eventComments, func(ctx context.Context, tx *sql.Tx, ed *Edition) error {
		return insertComment(ctx, tx, ed.ID, Comment{ID: db.NewID(), By: actor.ID, Text: comment, Hash: ed.Hash, At: db.Micros(e.moment())})
	})
}

// Adopt settles the text. Everybody whose advice was asked must have advised
// about this very text.
func (e *Editions) Adopt(ctx context.Context, actor Actor, id string) error {
	return e.change(ctx, actor, id, eventAdopt, e.adopt)
}

func (e *Editions) adopt(ctx context.Context, tx *sql.Tx, ed *Edition) error {
	given, err := listAdvice(ctx, tx, ed.ID)
	if err != nil {
		return err
	}
	for _, body := range ed.Required {
		if !slices.ContainsFunc(given, func(a Advice) bool { return a.Body == body && a.Hash == ed.Hash }) {
			return fault.NewConflict("edition.fault.advice_missing." + string(body))
		}
	}
	ed.AdoptedAt = e.moment()
	return nil
}

// Publication says how an edition comes into force.
type Publication struct {
	ValidFrom time.Time // zero: now. Never in the future, never before the adoption.
	Material  bool      // people are asked to read it again
}

// Publish puts an adopted edition in force and, in the same transaction,
// supersedes the one before it and announces it.
func (e *Editions) Publish(ctx context.Context, actor Actor, id string, p Publication) error {
	return e.change(ctx, actor, id, eventPublish, e.publish(p))
}

func (e *Editions) publish(p Publication) func(context.Context, *sql.Tx, *Edition) error {
	return func(ctx context.Context, tx *sql.Tx, ed *Edition) error {
		now := e.moment()
		from := p.ValidFrom.UTC().Truncate(time.Microsecond)
		if p.ValidFrom.IsZero() {
			from = now
		}
		if from.After(now) || from.Before(ed.AdoptedAt) {
			return fault.NewInvalid("edition.fault.valid_from").On("valid_from")
		}
		if err := e.supersede(ctx, tx, ed, from); err != nil {
			return err
		}
		ed.PublishedAt, ed.ValidFrom, ed.Material = now, from, p.Material
		if err := markInForce(ctx, tx, ed.ID, ed.Version, db.Micros(from)); err != nil {
			return err
		}
		if err := pointEdition(ctx, tx, ed.ID, ed.Version); err != nil {
			return err
		}
		told := *ed
		told.State = InForce
		return e.published(ctx, tx, told)
	}
}

// supersede ends the edition in force at the moment the next one begins.
func (e *Editions) supersede(ctx context.Context, tx *sql.Tx, next *Edition, from time.Time) error {
	before, ok, err := findEdition(ctx, tx, `valid_from > 0 order by valid_from desc limit 1`)
	if err != nil || !ok {
		return err
	}
	next.Supersedes = before.ID
	if !from.After(before.ValidFrom) || from.Before(before.ValidUntil) {
		return fault.NewInvalid("edition.fault.valid_from").On("valid_from")
	}
	if before.State != InForce {
		return nil
	}
	return e.apply(ctx, tx, System(), &before, eventNewer, func(_ context.Context, _ *sql.Tx, ed *Edition) error {
		ed.ValidUntil = from
		return nil
	})
}

// Correct puts a better-spelt text in place of the one in force, as a further
// version. Nothing but words may differ: no piece, rule, strength, audience
// or answer. Nobody is asked to read it again.
func (e *Editions) Correct(ctx context.Context, actor Actor, id string, c *Content, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > maxText {
		return fault.NewInvalid("edition.fault.reason").On("reason")
	}
	if _, err := Compile(c, nil); err != nil {
		return err
	}
	body, err := Canonical(c)
	if err != nil {
		return err
	}
	return e.change(ctx, actor, id, eventCorrect, func(ctx context.Context, tx *sql.Tx, ed *Edition) error {
		old, err := readContent(ctx, tx, ed.ID, ed.Version)
		if err != nil {
			return err
		}
		if alike, err := sameBones(old, c); err != nil || !alike {
			return fault.NewInvalid("edition.fault.material").Because(err)
		}
		now := db.Micros(e.moment())
		ed.Version, ed.Hash = ed.Version+1, HashOf(body)
		v := Version{Version: ed.Version, Hash: ed.Hash, Reason: reason, CreatedAt: now, CreatedBy: actor.ID, InForceFrom: now}
		if err := insertVersion(ctx, tx, ed.ID, v, body); err != nil {
			return err
		}
		return pointEdition(ctx, tx, ed.ID, ed.Version)
	})
}

// Revoke takes the edition out of force. No edition is in force then, until
// the next one is published.
func (e *Editions) Revoke(ctx context.Context, actor Actor, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > maxText {
		return fault.NewInvalid("edition.fault.reason").On("reason")
	}
	return e.change(ctx, actor, id, eventRevoke, func(ctx context.Context, tx *sql.Tx, ed *Edition) error {
		now := e.moment()
		ed.RevokedAt, ed.ValidUntil = now, now
		comment := Comment{ID: db.NewID(), By: actor.ID, Text: reason, Hash: ed.Hash, At: db.Micros(now)}
		if err := insertComment(ctx, tx, ed.ID, comment); err != nil {
			return err
		}
		return pointEdition(ctx, tx, "", 0)
	})
}
