package signinpages

import (
	"net/http"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// The cookies. All are unreadable for scripts and sent to this site only.
const (
	sessionCookie  = "ambassadeur"
	waitCookie     = "aanmelden-wacht"    // this device asked for a link
	linkCookie     = "aanmelden-link"     // the token of an opened link
	cardCookie     = "aanmelden-kaart"    // the token of an opened card
	deviceCookie   = "aanmelden-apparaat" // this device waits to be confirmed
	ceremonyCookie = "aanmelden-stap"     // a passkey or organisation sign-in under way
	goalCookie     = "aanmelden-doel"     // the page to go to afterwards
)

// stepLifetime is how long the short cookies live: as long as a link.
const stepLifetime = 30 * time.Minute

func (d Deps) cookieName(name string) string {
	if d.Secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie for a time; zero means until the browser closes.
func (d Deps) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: d.cookieName(name), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: d.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (d Deps) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	if d.cookie(r, name) == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.cookieName(name), Path: "/", MaxAge: -1,
		Secure: d.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

const maxCookie = 600 // longer ones are not ours

func (d Deps) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(d.cookieName(name))
	if err != nil || len(c.Value) > maxCookie {
		return ""
	}
	return c.Value
}

// keepSession gives the browser its session. On a device of somebody else the
// cookie goes when the browser closes.
func (d Deps) keepSession(w http.ResponseWriter, cookie string, s people.Session) {
	var life time.Duration
	if !s.Borrowed {
		life = s.Expires.Sub(s.Seen)
	}
	d.setCookie(w, sessionCookie, cookie, life)
}

// begin signs this device in and leads to the page that was asked for. An
// officer who has no passkey yet is first offered to make one.
func (d Deps) begin(w http.ResponseWriter, r *http.Request, o people.Opened) error {
	d.keepSession(w, o.Cookie, o.Session)
	for _, name := range []string{waitCookie, linkCookie, cardCookie, deviceCookie, ceremonyCookie} {
		d.dropCookie(w, r, name)
	}
	first, err := d.needsFirstKey(r, o.Session)
	if err != nil {
		return err
	}
	if first {
		return kit.Back(w, r, keysPath)
	}
	return kit.Back(w, r, d.goal(w, r))
}

func (d Deps) needsFirstKey(r *http.Request, s people.Session) (bool, error) {
	err := d.People.MayAddPasskey(r.Context(), s)
	if _, refused := fault.As(err); refused || s.Strong() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p, err := d.People.Get(r.Context(), s.PersonID)
	return err == nil && p.Officer(), err
}

// goal is the page that somebody wanted before they had to sign in.
func (d Deps) goal(w http.ResponseWriter, r *http.Request) string {
	to := d.cookie(r, goalCookie)
	d.dropCookie(w, r, goalCookie)
	return kit.Local(to)
}

// remember keeps that page ("?naar=/handboek") on the device.
func (d Deps) remember(w http.ResponseWriter, r *http.Request) {
	if to := r.URL.Query().Get("naar"); to != "" && kit.Local(to) == to {
		d.setCookie(w, goalCookie, to, stepLifetime)
	}
}
