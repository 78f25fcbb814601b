package signinpages

import (
	"errors"
	"net/http"
	"strings"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Identify says who asks and how they want the screen. visitor gives the
// choices that the device itself keeps; for a person the profile goes before
// them. A session that renewed gets its cookie again.
func (d Deps) Identify(visitor func(*http.Request) kit.Display) func(http.ResponseWriter, *http.Request) (kit.Principal, kit.Display, error) {
	return func(w http.ResponseWriter, r *http.Request) (kit.Principal, kit.Display, error) {
		display := visitor(r)
		cookie := d.cookie(r, sessionCookie)
		s, p, err := d.People.Authenticate(r.Context(), cookie)
		if errors.Is(err, people.ErrSignedOut) {
			return kit.Principal{}, display, nil
		}
		if err != nil {
			return kit.Principal{}, display, err
		}
		if s.Renewed {
			d.keepSession(w, cookie, s)
		}
		return principal(s, p), profile(display, p), nil
	}
}

func principal(s people.Session, p people.Person) kit.Principal {
	who := kit.Principal{PersonID: p.ID, Name: p.Name, Offices: p.Offices(), Strong: s.Strong(), Borrowed: s.Borrowed}
	for _, a := range p.Audiences {
		who.Audiences = append(who.Audiences, string(a))
	}
	return who
}

// profile puts the person's own choices before those of the device. The
// audience is what the person chose on this device, everything included;
// otherwise the person's own, the first when there are several.
func profile(device kit.Display, p people.Person) kit.Display {
	out := kit.Display{Lang: i18n.Lang(p.Display.Lang), Size: p.Display.Size, Calm: p.Display.Calm, Theme: p.Display.Theme, ChosenBy: p.ID, Asked: true}
	switch {
	case device.ChosenBy == p.ID:
		out.Audience = device.Audience
	case len(p.Audiences) > 0:
		out.Audience = string(p.Audiences[0])
	}
	return out
}

// session returns the session behind a request; for visitors a fault that
// says to sign in.
func (d Deps) session(r *http.Request) (people.Session, people.Person, error) {
	s, p, err := d.People.Authenticate(r.Context(), d.cookie(r, sessionCookie))
	if errors.Is(err, people.ErrSignedOut) {
		return s, p, fault.NewForbidden("fault.sign-in")
	}
	return s, p, err
}

// signedIn shows the sign-in page to visitors instead of the page itself, and
// brings them back afterwards.
func (d Deps) signedIn(h func(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, p, err := d.session(r)
		if f, ok := fault.As(err); ok && f.Key == "fault.sign-in" {
			if r.Method == http.MethodGet {
				d.setCookie(w, goalCookie, r.URL.Path, stepLifetime)
			}
			return kit.Back(w, r, signInPath)
		}
		if err != nil {
			return err
		}
		noStore(w)
		return h(w, r, s, p)
	}
}

// device names a browser and its system in words that people know. It is shown
// to the person alone, so that they recognise their own devices.
func device(r *http.Request) string {
	agent := r.UserAgent()
	name := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := name("Edg", "Edge", "Firefox/", "Firefox", "FxiOS", "Firefox", "SamsungBrowser", "Samsung Internet",
		"OPR/", "Opera", "CriOS", "Chrome", "Chrome/", "Chrome", "Safari/", "Safari")
	system := name("iPad", "iPad", "iPhone", "iPhone", "Android", "Android", "Windows", "Windows", "CrOS", "Chromebook", "Macintosh", "Mac", "Linux", "Linux")
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	default:
		return browser + ", " + system
	}
}
