package officepages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// choice is something to choose, by id and in words.
type choice struct{ ID, Label string }

// functions are those of the table of officers, in its order.
func (p *pages) functions(ctx context.Context) ([]choice, error) {
	index, _, err := p.Editions.Current(ctx)
	if fault.KindOf(err) == fault.Unavailable {
		return nil, nil // persons can be managed without a handbook
	}
	if err != nil {
		return nil, err
	}
	var out []choice
	for _, f := range index.Projection().Officers.Functions {
		out = append(out, choice{f.ID, kit.Pick(ctx, f.Label.NL, f.Label.EN)})
	}
	return out, nil
}

// inWords says functions in words; one that the table lost keeps its id.
func inWords(all []choice, ids []string) string {
	var out []string
	for _, id := range ids {
		if i := slices.IndexFunc(all, func(c choice) bool { return c.ID == id }); i >= 0 {
			id = all[i].Label
		}
		out = append(out, id)
	}
	return strings.Join(out, ", ")
}

// personRow is a person in the list: a name and functions, nothing else.
type personRow struct {
	ID, Name, Functions string
	Disabled            bool
}

// maxListed is how many persons one page shows; the search finds the others.
const maxListed = 100

type peopleView struct {
	Query string
	Rows  []personRow
	More  int // found and not shown
	Done  string
}

func (p *pages) showPeople(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := p.actor(ctx, administrator()); err != nil {
		return err
	}
	all, err := p.People.List(ctx)
	if err != nil {
		return err
	}
	functions, err := p.functions(ctx)
	if err != nil {
		return err
	}
	v := peopleView{Query: strings.TrimSpace(r.URL.Query().Get("q")), Done: doneKey(r)}
	for _, s := range all {
		if !strings.Contains(strings.ToLower(s.Name), strings.ToLower(v.Query)) {
			continue
		}
		if len(v.Rows) == maxListed {
			v.More++
			continue
		}
		v.Rows = append(v.Rows, personRow{s.ID, s.Name, inWords(functions, s.Functions), s.Disabled})
	}
	return kit.Render(w, r, http.StatusOK, peoplePage(v))
}

// personView is the page from which one person is managed. It does not say
// which audiences the person belongs to, nor who supports them.
type personView struct {
	ID, Name, Email, Functions string
	Disabled, Self             bool
	Done                       string
}

func (p *pages) showPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	who, err := p.actor(ctx, administrator())
	if err != nil {
		return err
	}
	one, err := p.People.Get(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	functions, err := p.functions(ctx)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, personPage(personView{
		ID: one.ID, Name: one.Name, Email: one.Email, Functions: inWords(functions, one.Functions),
		Disabled: !one.Disabled.IsZero(), Self: one.ID == who.ID, Done: doneKey(r),
	}))
}

// personForm is the form about one person: the only page, with that of their
// relations, that shows audiences.
type personForm struct {
	ID        string // empty: a new person
	Person    people.Person
	Functions []choice
	Errors    kit.Errors
}

func (p *pages) showNewPerson(w http.ResponseWriter, r *http.Request) error {
	functions, err := p.functions(r.Context())
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, personFormPage(personForm{Functions: functions}))
}

func (p *pages) showEditPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if _, err := p.actor(ctx, administrator()); err != nil {
		return err
	}
	one, err := p.People.Get(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	functions, err := p.functions(ctx)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, personFormPage(personForm{ID: one.ID, Person: one, Functions: functions}))
}

// typed puts what was typed into a person. Functions that the form did not
// offer stay as they are.
func typed(r *http.Request, one people.Person, offered []choice) people.Person {
	one.Name, one.Email = strings.TrimSpace(r.PostForm.Get("name")), strings.TrimSpace(r.PostForm.Get("email"))
	one.Audiences = nil
	for _, a := range r.PostForm["audience"] {
		one.Audiences = append(one.Audiences, people.Audience(a))
	}
	isOffered := func(id string) bool {
		return slices.ContainsFunc(offered, func(c choice) bool { return c.ID == id })
	}
	one.Functions = slices.DeleteFunc(slices.Clone(one.Functions), isOffered)
	for _, f := range r.PostForm["functions"] {
		if isOffered(f) {
			one.Functions = append(one.Functions, f)
		}
	}
	return one
}

func (p *pages) addPerson(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	ctx := r.Context()
	actor, err := p.actor(ctx, administrator())
	if err != nil {
		return err
	}
	functions, err := p.functions(ctx)
	if err != nil {
		return err
	}
	one := typed(r, people.Person{Demo: kit.SiteOf(ctx).Demo}, functions)
	made, err := p.People.Create(ctx, actor.ID, one)
	if err != nil {
		return p.wrongPerson(w, r, err, personForm{Person: one, Functions: functions})
	}
	return done(w, r, personPath(made.ID)+"/relaties", "mens-nieuw")
}

func personPath(id string) string { return peoplePath + "/" + id }

func (p *pages) editPerson(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	ctx := r.Context()
	actor, err := p.actor(ctx, administrator())
	if err != nil {
		return err
	}
	before, err := p.People.Get(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	functions, err := p.functions(ctx)
	if err != nil {
		return err
	}
	one := typed(r, before, functions)
	if err = keepsOwnOffice(actor.ID, before, one, p.officeOf(ctx)); err == nil {
		err = p.People.Update(ctx, actor.ID, one)
	}
	if err != nil {
		return p.wrongPerson(w, r, err, personForm{ID: one.ID, Person: one, Functions: functions})
	}
	return done(w, r, personPath(one.ID), "mens")
}

// officeOf says which office a function gives.
func (p *pages) officeOf(ctx context.Context) func(function string) string {
	offices := map[string]string{}
	if index, _, err := p.Editions.Current(ctx); err == nil {
		offices = officesIn(index.Projection())
	}
	return func(function string) string { return offices[function] }
}

// keepsOwnOffice refuses that administrators take their own office away: the
// last one would lock everybody out.
func keepsOwnOffice(actor string, before, after people.Person, officeOf func(string) string) error {
	manages := func(f string) bool { return officeOf(f) == people.Administrator }
	if actor == after.ID && slices.ContainsFunc(before.Functions, manages) && !slices.ContainsFunc(after.Functions, manages) {
		return fault.NewInvalid("office.self-office").On("functions")
	}
	return nil
}

// wrongPerson shows the form again. That an address is taken is a mistake in
// a field as well.
func (p *pages) wrongPerson(w http.ResponseWriter, r *http.Request, err error, f personForm) error {
	if one, ok := fault.As(err); ok && one.Kind == fault.Conflict && one.Field != "" {
		err = fault.NewInvalid(one.Key).On(one.Field)
	}
	return refused(w, r, err, func(errs kit.Errors) error {
		f.Errors = errs
		return kit.Render(w, r, http.StatusUnprocessableEntity, personFormPage(f))
	})
}
