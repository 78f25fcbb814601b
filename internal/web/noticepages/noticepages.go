// Package noticepages has the page on which somebody says how they want to be
// told: what about, by mail or on the screen only, at once or once a day, and
// when not.
package noticepages

import (
	"context"
	"net/http"
	"slices"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/web/kit"
)

// Path is the address of the page.
const Path = "/mijn/berichten"

const ownPath = "/mijn" // of the pages of signing in

// Preferences keeps how a person wants to be told.
type Preferences interface {
	Preferences(ctx context.Context, person string) (notify.Preferences, error)
	SetPreferences(ctx context.Context, person string, p notify.Preferences) error
}

// Deps is what the page needs.
type Deps struct{ Preferences Preferences }

// Routes registers the page.
func Routes(rt *kit.Router, d Deps) {
	rt.Handle("GET "+Path, d.show)
	rt.Handle("POST "+Path, d.save)
}

// view is the page as it is shown: times as they were typed.
type view struct {
	Chosen   notify.Preferences
	From, To string
	Errors   kit.Errors
	Saved    bool
}

func viewOf(p notify.Preferences) view {
	return view{Chosen: p, From: notify.Clock(p.QuietFrom), To: notify.Clock(p.QuietTo)}
}

func (d Deps) show(w http.ResponseWriter, r *http.Request) error {
	who, err := signedIn(r)
	if err != nil {
		return err
	}
	p, err := d.Preferences.Preferences(r.Context(), who)
	if err != nil {
		return err
	}
	v := viewOf(p)
	v.Saved = r.URL.Query().Has("bewaard")
	return kit.Render(w, r, http.StatusOK, page(v))
}

func (d Deps) save(w http.ResponseWriter, r *http.Request) error {
	who, err := signedIn(r)
	if err != nil {
		return err
	}
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	v, err := read(r)
	if err == nil {
		err = d.Preferences.SetPreferences(r.Context(), who, v.Chosen)
	}
	if errs, ok := kit.FormErrors(r, err); ok {
		v.Errors = errs
		return kit.Render(w, r, http.StatusUnprocessableEntity, page(v))
	}
	if err != nil {
		return err
	}
	return kit.Back(w, r, Path+"?bewaard")
}

func signedIn(r *http.Request) (string, error) {
	who := kit.Who(r.Context())
	if !who.SignedIn() {
		return "", fault.NewForbidden("fault.sign-in")
	}
	return who.PersonID, nil
}

// read takes the form. What was not ticked is silent.
func read(r *http.Request) (view, error) {
	f := r.PostForm
	v := view{From: f.Get("quiet_from"), To: f.Get("quiet_to"), Chosen: notify.Preferences{
		Mail: f.Get("channel") != "screen", Daily: f.Get("pace") == "daily",
		Quiet: f.Get("quiet") != "", YearlyCard: f.Get("yearly_card") != "",
	}}
	for _, k := range notify.Choosable() {
		if !slices.Contains(f["about"], string(k)) {
			v.Chosen.Silent = append(v.Chosen.Silent, k)
		}
	}
	var err error
	if v.Chosen.QuietFrom, err = notify.ParseClock(v.From); err != nil {
		return v, onField(err, "quiet_from")
	}
	if v.Chosen.QuietTo, err = notify.ParseClock(v.To); err != nil {
		return v, onField(err, "quiet_to")
	}
	return v, nil
}

func onField(err error, field string) error {
	if f, ok := fault.As(err); ok {
		return f.On(field)
	}
	return err
}
