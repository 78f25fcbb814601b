package officepages

import (
	"net/http"
	"strings"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// confirmForm is a page that asks before something is done to a person.
type confirmForm struct {
	ID, Name string
	Typed    string
	Errors   kit.Errors
}

// person returns the person of the address to an administrator.
func (p *pages) person(r *http.Request) (actor string, one people.Person, err error) {
	a, err := p.actor(r.Context(), administrator())
	if err != nil {
		return "", one, err
	}
	one, err = p.People.Get(r.Context(), r.PathValue("id"))
	return a.ID, one, err
}

// other is person, and refuses that it is the administrator themselves.
func (p *pages) other(r *http.Request) (actor string, one people.Person, err error) {
	actor, one, err = p.person(r)
	if err == nil && actor == one.ID {
		err = fault.NewConflict("office.self").WithHint("office.self-hint")
	}
	return actor, one, err
}

// makeLink shows a link with which the person can sign in once. The trail
// holds who made it.
func (p *pages) makeLink(w http.ResponseWriter, r *http.Request) error {
	actor, one, err := p.person(r)
	if err != nil {
		return err
	}
	if err := mayEnter(one); err != nil {
		return err
	}
	if err := p.Record(r.Context(), actor, "person.make_link", "person/"+one.ID); err != nil {
		return err
	}
	link, err := p.People.SignInLink(r.Context(), one.ID)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, linkPage(one.ID, one.Name, link))
}

func mayEnter(one people.Person) error {
	if !one.Disabled.IsZero() {
		return fault.NewConflict("office.is-off")
	}
	return nil
}

// mailLink sends the person a mail with a link to sign in.
func (p *pages) mailLink(w http.ResponseWriter, r *http.Request) error {
	actor, one, err := p.person(r)
	if err != nil {
		return err
	}
	if err := mayEnter(one); err != nil {
		return err
	}
	if one.Email == "" {
		return fault.NewConflict("office.no-mail").WithHint("office.no-mail-hint")
	}
	if err := p.Record(r.Context(), actor, "person.mail_link", "person/"+one.ID); err != nil {
		return err
	}
	if _, err := p.People.AskLink(r.Context(), one.Email, "office/"+actor, ""); err != nil {
		return err
	}
	return done(w, r, personPath(one.ID), "mens-mail")
}

func (p *pages) showDisable(w http.ResponseWriter, r *http.Request) error {
	_, one, err := p.other(r)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, disablePage(confirmForm{ID: one.ID, Name: one.Name}))
}

func (p *pages) disable(w http.ResponseWriter, r *http.Request) error {
	actor, one, err := p.other(r)
	if err != nil {
		return err
	}
	if err := p.People.Disable(r.Context(), actor, one.ID); err != nil {
		return err
	}
	return done(w, r, personPath(one.ID), "mens-uit")
}

func (p *pages) showErase(w http.ResponseWriter, r *http.Request) error {
	_, one, err := p.other(r)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, erasePage(confirmForm{ID: one.ID, Name: one.Name}))
}

// erase removes a person for good, once their name was typed.
func (p *pages) erase(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	actor, one, err := p.other(r)
	if err != nil {
		return err
	}
	words := strings.Fields(r.PostForm.Get("name"))
	if !strings.EqualFold(strings.Join(words, " "), strings.Join(strings.Fields(one.Name), " ")) {
		return refused(w, r, fault.NewInvalid("office.erase-name").On("name"), func(errs kit.Errors) error {
			f := confirmForm{ID: one.ID, Name: one.Name, Typed: r.PostForm.Get("name"), Errors: errs}
			return kit.Render(w, r, http.StatusUnprocessableEntity, erasePage(f))
		})
	}
	if err := p.People.Erase(r.Context(), actor, one.ID); err != nil {
		return err
	}
	return done(w, r, peoplePath, "mens-gewist")
}
