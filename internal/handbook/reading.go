package handbook

import (
	"bytes"
	"context"
	"reflect"
	"time"
)

// Get returns one edition.
func (e *Editions) Get(ctx context.Context, id string) (Edition, error) {
	return getEdition(ctx, e.db.Reader(), id)
}

// List returns all editions, the newest number first.
func (e *Editions) List(ctx context.Context) ([]Edition, error) {
	return listEditions(ctx, e.db.Reader())
}

// Versions returns the texts of an edition, the first one first.
func (e *Editions) Versions(ctx context.Context, id string) ([]Version, error) {
	return listVersions(ctx, e.db.Reader(), id)
}

// Content returns the text of a version of an edition, its hash checked.
func (e *Editions) Content(ctx context.Context, id string, version int) (*Content, error) {
	return readContent(ctx, e.db.Reader(), id, version)
}

// Advice returns what was advised about an edition, the oldest first.
func (e *Editions) Advice(ctx context.Context, id string) ([]Advice, error) {
	return listAdvice(ctx, e.db.Reader(), id)
}

// Comments returns what sent an edition back to draft, the oldest first.
func (e *Editions) Comments(ctx context.Context, id string) ([]Comment, error) {
	return listComments(ctx, e.db.Reader(), id)
}

// Changes lists what an edition changes: against the one that it superseded
// or, before it is in force, against the one in force. Texts in force never
// change, so neither does the list.
func (e *Editions) Changes(ctx context.Context, id string) ([]Change, error) {
	ed, err := e.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := e.Content(ctx, id, ed.Version)
	if err != nil {
		return nil, err
	}
	before, ok := Edition{}, false
	if ed.ValidFrom.IsZero() {
		before, ok, err = findEdition(ctx, e.db.Reader(), `state = 'in_force'`)
	} else if ed.Supersedes != "" {
		before, err = e.Get(ctx, ed.Supersedes)
		ok = err == nil
	}
	if err != nil || !ok {
		return nil, err
	}
	old, err := e.Content(ctx, before.ID, before.Version)
	if err != nil {
		return nil, err
	}
	return Diff(old, c), nil
}

// InForceAt returns the edition that was in force at a moment; ok is false
// when there was none.
func (e *Editions) InForceAt(ctx context.Context, t time.Time) (ed Edition, ok bool, err error) {
	all, err := e.List(ctx)
	if err != nil {
		return ed, false, err
	}
	for _, one := range all {
		if one.InForceAt(t) {
			return one, true, nil
		}
	}
	return ed, false, nil
}

// sameBones says whether two contents differ in words only.
func sameBones(a, b *Content) (bool, error) {
	x, err := bones(a)
	if err != nil {
		return false, err
	}
	y, err := bones(b)
	return bytes.Equal(x, y), err
}

// bones is a content without its words.
func bones(c *Content) ([]byte, error) {
	b, err := Canonical(c)
	if err != nil {
		return nil, err
	}
	bare, err := Decode(b)
	if err != nil {
		return nil, err
	}
	bare.Book.Edition = EditionInfo{Number: c.Book.Edition.Number}
	visit(reflect.ValueOf(bare).Elem(), rule{}, func(v reflect.Value, _ rule) {
		if t, ok := v.Addr().Interface().(*Text); ok {
			*t = Text{}
		}
	})
	return Canonical(bare)
}
