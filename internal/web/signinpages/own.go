package signinpages

import (
	"net/http"
	"time"

	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Addresses of somebody's own pages.
const (
	ownPath        = "/mijn"
	devicesPath    = "/mijn/apparaten"
	endDevicePath  = "/mijn/apparaten/afmelden"
	everywherePath = "/mijn/overal-afmelden"
	keysPath       = "/mijn/sleutels"
	workPath       = "/werk" // of the pages of officers
)

func (d Deps) ownRoutes(rt *kit.Router) {
	rt.Handle("GET "+ownPath, d.signedIn(d.showOwn))
	rt.Handle("GET "+devicesPath, d.signedIn(d.showDevices))
	rt.Handle("POST "+endDevicePath, d.signedIn(d.endDevice))
	rt.Handle("POST "+everywherePath, d.signedIn(d.everywhere))
}

type ownView struct {
	Name     string
	Borrowed bool
	Passkeys bool
	// Office: holds an office, whose work has pages of its own.
	Office bool
	// Weak: holds an office and has not shown a passkey.
	Weak bool
	// Cards: may make cards, for own clients or for all.
	Cards bool
	// Notifications is the page of those settings, or "".
	Notifications string
}

func (d Deps) showOwn(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	cards, err := d.People.MayMakeCards(r.Context(), p)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, ownPage(ownView{
		Name: p.Name, Office: p.Officer(), Borrowed: s.Borrowed, Passkeys: d.People.HasPasskeys(), Weak: p.Officer() && !s.Strong(), Cards: cards,
		Notifications: d.Notifications,
	}))
}

type deviceView struct {
	ID       string
	Name     string
	Since    time.Time
	Seen     time.Time
	Method   people.Method
	Borrowed bool
	Here     bool
}

func (d Deps) showDevices(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	list, err := d.People.Sessions(r.Context(), p.ID)
	if err != nil {
		return err
	}
	var views []deviceView
	for _, x := range list {
		views = append(views, deviceView{ID: x.ID, Name: x.Device, Since: x.Created, Seen: x.Seen, Method: x.Method, Borrowed: x.Borrowed, Here: x.ID == s.ID})
	}
	return kit.Render(w, r, http.StatusOK, devicesPage(views, time.Now()))
}

func (d Deps) endDevice(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	id := r.PostForm.Get("device")
	if id == s.ID {
		return d.signOut(w, r)
	}
	if err := d.People.EndSession(r.Context(), p.ID, id); err != nil {
		return err
	}
	return kit.Back(w, r, devicesPath)
}

func (d Deps) everywhere(w http.ResponseWriter, r *http.Request, _ people.Session, p people.Person) error {
	if err := d.People.SignOutEverywhere(r.Context(), p.ID); err != nil {
		return err
	}
	d.forget(w, r)
	return kit.Back(w, r, signedOutPath)
}
