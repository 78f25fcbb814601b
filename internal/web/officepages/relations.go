package officepages

import (
	"context"
	"net/http"
	"slices"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// relationsForm is who manages, supports and coordinates one person.
type relationsForm struct {
	ID, Name string
	Rows     []relationRow
	Staff    []choice // whom to pick from
	Errors   kit.Errors
	Done     string
}

// relationRow is one relation: who it is, and who stands in.
type relationRow struct {
	Kind       people.RelationKind
	To, Deputy string // person ids, or empty
}

func relationKinds() []people.RelationKind {
	return []people.RelationKind{people.Manager, people.SupportWorker, people.VolunteerCoordinator}
}

// staff lists colleagues to pick from, without the person whose form it is.
func (p *pages) staff(ctx context.Context, except string) ([]choice, error) {
	in, err := p.People.InAudience(ctx, people.Staff)
	if err != nil {
		return nil, err
	}
	all, err := p.People.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []choice
	for _, s := range all {
		if s.ID != except && slices.Contains(in, s.ID) {
			out = append(out, choice{s.ID, s.Name})
		}
	}
	return out, nil
}

func (p *pages) relationsForm(r *http.Request) (relationsForm, people.Person, error) {
	ctx := r.Context()
	one, err := p.People.Get(ctx, r.PathValue("id"))
	if err != nil {
		return relationsForm{}, one, err
	}
	f := relationsForm{ID: one.ID, Name: one.Name, Done: doneKey(r)}
	for _, kind := range relationKinds() {
		rel, _ := one.Relation(kind)
		f.Rows = append(f.Rows, relationRow{kind, rel.To, rel.Deputy})
	}
	f.Staff, err = p.staff(ctx, one.ID)
	for _, rel := range one.Relations {
		for _, id := range []string{rel.To, rel.Deputy} {
			if id != "" && !f.has(id) { // no longer staff, or switched off
				f.Staff = append(f.Staff, choice{id, p.nameOf(ctx, id)})
			}
		}
	}
	return f, one, err
}

// has reports whether the person can be picked.
func (f relationsForm) has(id string) bool {
	return slices.ContainsFunc(f.Staff, func(c choice) bool { return c.ID == id })
}

func (p *pages) showRelations(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.actor(r.Context(), administrator()); err != nil {
		return err
	}
	f, _, err := p.relationsForm(r)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, relationsPage(f))
}

func (p *pages) saveRelations(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	actor, err := p.actor(r.Context(), administrator())
	if err != nil {
		return err
	}
	f, one, err := p.relationsForm(r)
	if err != nil {
		return err
	}
	one.Relations = nil
	for i, row := range f.Rows {
		row.To, row.Deputy = r.PostForm.Get(string(row.Kind)), r.PostForm.Get(string(row.Kind)+"_deputy")
		f.Rows[i] = row
		if row.To != "" || row.Deputy != "" {
			one.Relations = append(one.Relations, people.Relation{Kind: row.Kind, To: row.To, Deputy: row.Deputy})
		}
	}
	if err = f.check(); err == nil {
		err = p.People.Update(r.Context(), actor.ID, one)
	}
	if err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			f.Errors, f.Done = errs, ""
			return kit.Render(w, r, http.StatusUnprocessableEntity, relationsPage(f))
		})
	}
	return done(w, r, personPath(one.ID), "mens-relaties")
}

// check finds what cannot be, and says it at the field.
func (f relationsForm) check() error {
	for _, row := range f.Rows {
		kind := string(row.Kind)
		switch {
		case row.To == "" && row.Deputy != "":
			return fault.NewInvalid("office.relation-first").On(kind)
		case row.To != "" && !f.has(row.To):
			return fault.NewInvalid("office.relation-staff").On(kind)
		case row.Deputy != "" && !f.has(row.Deputy):
			return fault.NewInvalid("office.relation-staff").On(kind + "_deputy")
		case row.To != "" && row.To == row.Deputy:
			return fault.NewInvalid("office.relation-same").On(kind + "_deputy")
		}
	}
	return nil
}
