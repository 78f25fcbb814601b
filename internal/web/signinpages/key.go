package signinpages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Addresses of the pages for passkeys.
const (
	keyPath       = "/aanmelden/sleutel"
	keyBeginPath  = "/aanmelden/sleutel/begin"
	addBeginPath  = "/mijn/sleutels/begin"
	addKeyPath    = "/mijn/sleutels/nieuw"
	removeKeyPath = "/mijn/sleutels/weg"
)

const maxAnswer = 64 << 10 // bytes of what a browser says about a key

func (d Deps) keyRoutes(rt *kit.Router) {
	rt.Handle("GET "+keyPath, d.showKey)
	rt.Handle("POST "+keyBeginPath, d.beginKey)
	rt.Handle("POST "+keyPath, d.useKey)
	rt.Handle("GET "+keysPath, d.signedIn(d.showKeys))
	rt.Handle("POST "+addBeginPath, d.signedIn(d.beginAddKey))
	rt.Handle("POST "+addKeyPath, d.signedIn(d.addKey))
	rt.Handle("POST "+removeKeyPath, d.signedIn(d.removeKey))
}

func (d Deps) showKey(w http.ResponseWriter, r *http.Request) error {
	d.remember(w, r)
	noStore(w)
	if !d.People.HasPasskeys() {
		return kit.Back(w, r, signInPath)
	}
	return kit.Render(w, r, http.StatusOK, keyPage())
}

// beginKey answers the script with the options for the browser.
func (d Deps) beginKey(w http.ResponseWriter, r *http.Request) error {
	options, cookie, err := d.People.BeginPasskey(r.Context(), d.network(r))
	return d.options(w, options, cookie, err)
}

func (d Deps) beginAddKey(w http.ResponseWriter, r *http.Request, s people.Session, _ people.Person) error {
	options, cookie, err := d.People.BeginAddPasskey(r.Context(), s)
	return d.options(w, options, cookie, err)
}

func (d Deps) options(w http.ResponseWriter, options []byte, cookie string, err error) error {
	if err != nil {
		return err
	}
	noStore(w)
	d.setCookie(w, ceremonyCookie, cookie, stepLifetime)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(options) // an error means that the browser went away
	return nil
}

// useKey signs in. A person who is signed in already, by link, gets a strong
// session in its place.
func (d Deps) useKey(w http.ResponseWriter, r *http.Request) error {
	answer, err := answerOf(w, r)
	if err != nil {
		return err
	}
	opened, err := d.People.UsePasskey(r.Context(), d.cookie(r, ceremonyCookie), answer, r.PostForm.Get("borrowed") != "", device(r), d.cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	return d.begin(w, r, opened)
}

func answerOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := kit.ParseForm(w, r); err != nil {
		return nil, err
	}
	answer := r.PostForm.Get("answer")
	if answer == "" || len(answer) > maxAnswer {
		return nil, fault.NewForbidden("people.passkey-failed").WithHint("people.passkey-failed-hint")
	}
	return []byte(answer), nil
}

type keysView struct {
	Keys   []people.Passkey
	May    bool   // a new one can be made now
	WhyNot string // key of the catalog, when May is false
	Strong bool
	Office bool
	Name   string // typed name for a new one
	Errors kit.Errors
}

func (d Deps) keysView(r *http.Request, s people.Session, p people.Person) (keysView, error) {
	v := keysView{Strong: s.Strong(), Office: p.Officer(), Name: device(r)}
	var err error
	if v.Keys, err = d.People.ListPasskeys(r.Context(), p.ID); err != nil {
		return v, err
	}
	err = d.People.MayAddPasskey(r.Context(), s)
	if f, ok := fault.As(err); ok {
		v.WhyNot = f.Key
		return v, nil
	}
	v.May = err == nil
	return v, err
}

func (d Deps) showKeys(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	v, err := d.keysView(r, s, p)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, keysPage(v))
}

func (d Deps) addKey(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	answer, err := answerOf(w, r)
	if err != nil {
		return err
	}
	name := r.PostForm.Get("name")
	err = d.People.FinishAddPasskey(r.Context(), s, d.cookie(r, ceremonyCookie), name, answer)
	if errs, ok := kit.FormErrors(r, err); ok {
		v, err := d.keysView(r, s, p)
		if err != nil {
			return err
		}
		v.Name, v.Errors = name, errs
		return kit.Render(w, r, http.StatusUnprocessableEntity, keysPage(v))
	}
	if err != nil {
		return err
	}
	d.dropCookie(w, r, ceremonyCookie)
	return kit.Back(w, r, keysPath)
}

func (d Deps) removeKey(w http.ResponseWriter, r *http.Request, s people.Session, _ people.Person) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	if err := d.People.RemovePasskey(r.Context(), s, r.PostForm.Get("key")); err != nil {
		return err
	}
	return kit.Back(w, r, keysPath)
}
