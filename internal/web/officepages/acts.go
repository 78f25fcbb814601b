package officepages

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/web/kit"
)

// actForm is the page of one act: what it is about and what was typed.
type actForm struct {
	ID       string
	Number   int
	Errors   kit.Errors
	Bodies   []handbook.Body // chosen
	Missing  []handbook.Body
	Advice   handbook.Advice
	Given    []adviceRow
	Text     string // a comment or reason
	From     string // a day, "2006-01-02", or empty
	FromTime string // a time of that day, "15:04", or empty
	Material bool
	Problems *handbook.Problems
}

// form begins the page of an act on an edition, if the edition stands where
// the act is possible.
func (p *pages) form(r *http.Request, state handbook.State) (actForm, handbook.Edition, error) {
	e, err := p.Editions.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		return actForm{}, e, err
	}
	if e.State != state {
		return actForm{}, e, fault.NewConflict("edition.fault.state").WithHint("edition.hint." + string(e.State))
	}
	return actForm{ID: e.ID, Number: e.Number}, e, nil
}

func editionPath(id string) string { return editionsPath + "/" + id }

func (p *pages) showPropose(w http.ResponseWriter, r *http.Request) error {
	f, e, err := p.form(r, handbook.Draft)
	if err != nil {
		return err
	}
	content, err := p.Editions.Content(r.Context(), e.ID, e.Version)
	if err != nil {
		return err
	}
	f.Bodies = handbook.RequiredAdvice(content)
	return kit.Render(w, r, http.StatusOK, proposePage(f))
}

func (p *pages) propose(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	bodies := []handbook.Body{} // nil would ask those that the text needs
	for _, b := range r.PostForm["bodies"] {
		bodies = append(bodies, handbook.Body(b))
	}
	id := r.PathValue("id")
	if err := p.Editions.Propose(r.Context(), actor, id, bodies); err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			f, _, err := p.form(r, handbook.Draft)
			if err != nil {
				return err
			}
			f.Errors, f.Bodies = errs, bodies
			return kit.Render(w, r, http.StatusUnprocessableEntity, proposePage(f))
		})
	}
	return done(w, r, editionPath(id), "overleg")
}

// adviceForm is the form of advice with whose advice still misses.
func (p *pages) adviceForm(r *http.Request) (actForm, error) {
	f, e, err := p.form(r, handbook.Consultation)
	if err != nil {
		return f, err
	}
	given, err := p.Editions.Advice(r.Context(), e.ID)
	f.Bodies, f.Missing = e.Required, missing(e, given)
	return f, err
}

func (p *pages) showAdvise(w http.ResponseWriter, r *http.Request) error {
	f, err := p.adviceForm(r)
	if err != nil {
		return err
	}
	if len(f.Missing) > 0 {
		f.Advice.Body = f.Missing[0]
	}
	f.Advice.On = p.Now().In(i18n.Zone()).Format(time.DateOnly)
	return kit.Render(w, r, http.StatusOK, advisePage(f))
}

// maxNote bounds the note of an advice, in bytes.
const maxNote = 2_000

func (p *pages) advise(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	a := handbook.Advice{Body: handbook.Body(r.PostForm.Get("body")), Outcome: r.PostForm.Get("outcome"),
		On: r.PostForm.Get("on"), Note: strings.TrimSpace(r.PostForm.Get("note"))}
	if err = p.checkAdvice(a); err == nil {
		err = p.Editions.Advise(r.Context(), actor, id, a)
	}
	if err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			f, err := p.adviceForm(r)
			if err != nil {
				return err
			}
			f.Errors, f.Advice = errs, a
			return kit.Render(w, r, http.StatusUnprocessableEntity, advisePage(f))
		})
	}
	return done(w, r, editionPath(id), "advies")
}

func (p *pages) checkAdvice(a handbook.Advice) error {
	switch {
	case a.Body == "":
		return fault.NewInvalid("office.advice-body").On("body")
	case a.Outcome == "":
		return fault.NewInvalid("office.advice-outcome").On("outcome")
	case len(a.Note) > maxNote:
		return fault.NewInvalid("office.too-long").On("note")
	case day(a.On).After(p.Now()):
		return fault.NewInvalid("office.date-future").On("on")
	}
	return nil
}

// reasonState is where an edition must stand for an act with a reason.
func reasonState(name string) handbook.State {
	if name == actBack {
		return handbook.Consultation
	}
	return handbook.InForce
}

// reasonField is what the service calls the text of the act.
func reasonField(name string) string {
	if name == actBack {
		return "comment"
	}
	return "reason"
}

func (p *pages) showReason(name string) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, _, err := p.form(r, reasonState(name))
		if err != nil {
			return err
		}
		return kit.Render(w, r, http.StatusOK, reasonPage(name, f))
	}
}

// giveReason sends an edition back, or takes it out of force.
func (p *pages) giveReason(name string) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := kit.ParseForm(w, r); err != nil {
			return err
		}
		offices, work := communications(), p.Editions.Comment
		if name == actRevoke {
			offices, work = director(), p.Editions.Revoke
		}
		actor, err := p.actor(r.Context(), offices)
		if err != nil {
			return err
		}
		id, text := r.PathValue("id"), r.PostForm.Get(reasonField(name))
		if err := work(r.Context(), actor, id, text); err != nil {
			return refused(w, r, err, func(errs kit.Errors) error {
				f, _, err := p.form(r, reasonState(name))
				if err != nil {
					return err
				}
				f.Errors, f.Text = errs, text
				return kit.Render(w, r, http.StatusUnprocessableEntity, reasonPage(name, f))
			})
		}
		return done(w, r, editionPath(id), name)
	}
}

// showAdopt repeats what was advised before the director decides.
func (p *pages) showAdopt(w http.ResponseWriter, r *http.Request) error {
	f, e, err := p.form(r, handbook.Consultation)
	if err != nil {
		return err
	}
	v, err := p.edition(r.Context(), e.ID)
	if err != nil {
		return err
	}
	f.Missing = v.Missing
	f.Given = slices.DeleteFunc(v.Advice, func(a adviceRow) bool { return a.Old })
	return kit.Render(w, r, http.StatusOK, adoptPage(f))
}

func (p *pages) adopt(w http.ResponseWriter, r *http.Request) error {
	actor, err := p.actor(r.Context(), director())
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.Editions.Adopt(r.Context(), actor, id); err != nil {
		return err
	}
	return done(w, r, editionPath(id), "vaststellen")
}

func (p *pages) showPublish(w http.ResponseWriter, r *http.Request) error {
	f, e, err := p.form(r, handbook.AdoptedState)
	if err != nil {
		return err
	}
	changes, err := p.Editions.Changes(r.Context(), e.ID)
	if err != nil {
		return err
	}
	f.Material = slices.ContainsFunc(changes, handbook.Change.Material)
	return kit.Render(w, r, http.StatusOK, publishPage(f))
}

// moment reads a day and a time of that day; without a day it is the zero
// time, without a time the day begins.
func moment(on, at string) (time.Time, error) {
	if at == "" {
		at = "00:00"
	}
	if on == "" {
		return time.Time{}, nil
	}
	if day(on).IsZero() {
		return time.Time{}, fault.NewInvalid("edition.fault.date").On("valid_from")
	}
	minutes, err := notify.ParseClock(at)
	if err != nil {
		return time.Time{}, fault.NewInvalid("notify.clock").On("valid_time")
	}
	d := day(on)
	return time.Date(d.Year(), d.Month(), d.Day(), minutes/60, minutes%60, 0, 0, i18n.Zone()), nil
}

func (p *pages) publish(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	from, at := strings.TrimSpace(r.PostForm.Get("valid_from")), strings.TrimSpace(r.PostForm.Get("valid_time"))
	pub := handbook.Publication{Material: r.PostForm.Get("material") == "ja"}
	if pub.ValidFrom, err = moment(from, at); err == nil {
		err = p.Editions.Publish(r.Context(), actor, id, pub)
	}
	if err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			f, _, err := p.form(r, handbook.AdoptedState)
			if err != nil {
				return err
			}
			f.Errors, f.From, f.FromTime, f.Material = errs, from, at, pub.Material
			return kit.Render(w, r, http.StatusUnprocessableEntity, publishPage(f))
		})
	}
	return done(w, r, editionPath(id), "van-kracht")
}
