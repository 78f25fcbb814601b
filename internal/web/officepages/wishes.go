package officepages

import (
	"net/http"
	"slices"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/web/kit"
)

// wishesView is how somebody wants to be told, as typed.
type wishesView struct {
	notify.Preferences
	From, To string // the quiet hours, "21:00"
	Errors   kit.Errors
	Done     string
}

func (p *pages) showWishes(w http.ResponseWriter, r *http.Request) error {
	pref, err := p.Wishes.Preferences(r.Context(), kit.Who(r.Context()).PersonID)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, wishesPage(wishesView{
		Preferences: pref, From: notify.Clock(pref.QuietFrom), To: notify.Clock(pref.QuietTo), Done: doneKey(r),
	}))
}

func (p *pages) saveWishes(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	v, err := typedWishes(r)
	if err == nil {
		err = p.Wishes.SetPreferences(r.Context(), kit.Who(r.Context()).PersonID, v.Preferences)
	}
	if err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			v.Errors = errs
			return kit.Render(w, r, http.StatusUnprocessableEntity, wishesPage(v))
		})
	}
	return done(w, r, noticesPath, "meldingen")
}

// typedWishes reads the form. A kind that is not ticked is silent.
func typedWishes(r *http.Request) (wishesView, error) {
	form := r.PostForm
	v := wishesView{From: form.Get("quiet_from"), To: form.Get("quiet_to")}
	v.Mail, v.Daily = form.Get("channel") == "mail", form.Get("pace") == "daily"
	v.Quiet, v.YearlyCard = form.Get("quiet") != "", form.Get("yearly") != ""
	for _, k := range notify.Choosable() {
		if !slices.Contains(form["kinds"], string(k)) {
			v.Silent = append(v.Silent, k)
		}
	}
	var err error
	if v.QuietFrom, err = notify.ParseClock(v.From); err != nil {
		return v, fault.NewInvalid("notify.clock").On("quiet_from")
	}
	if v.QuietTo, err = notify.ParseClock(v.To); err != nil {
		return v, fault.NewInvalid("notify.clock").On("quiet_to")
	}
	return v, nil
}
