package signinpages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Addresses of the pages.
const (
	signInPath    = "/aanmelden"
	waitPath      = "/aanmelden/wachten"
	picturePath   = "/aanmelden/wachten/plaatje"
	askAgainPath  = "/aanmelden/opnieuw"
	linkPath      = "/aanmelden/link"
	elsewherePath = "/aanmelden/link/elders"
	signOutPath   = "/afmelden"
	signedOutPath = "/afgemeld"
)

func (d Deps) linkRoutes(rt *kit.Router) {
	rt.Handle("GET "+signInPath, d.showSignIn)
	rt.Handle("POST "+signInPath, d.askLink)
	rt.Handle("POST "+askAgainPath, d.askAgain)
	rt.Handle("GET "+waitPath, d.showWaiting)
	rt.Handle("GET "+picturePath, d.showPictures)
	rt.Handle("POST "+picturePath, d.choosePicture)
	rt.Handle("GET "+linkPath+"/{token}", d.openLink)
	rt.Handle("GET "+linkPath, d.showLink)
	rt.Handle("POST "+linkPath, d.useLink)
	rt.Handle("POST "+elsewherePath, d.showElsewhere)
	rt.Handle("POST "+signOutPath, d.signOut)
	rt.Handle("GET "+signedOutPath, d.showSignedOut)
}

func (d Deps) showSignIn(w http.ResponseWriter, r *http.Request) error {
	d.remember(w, r)
	noStore(w)
	if _, p, err := d.session(r); err == nil {
		return kit.Render(w, r, http.StatusOK, alreadyPage(p.Name))
	}
	return kit.Render(w, r, http.StatusOK, signInPage(d.signInView()))
}

func (d Deps) signInView() signInView {
	return signInView{Passkeys: d.People.HasPasskeys(), Organisation: d.People.OrganisationName()}
}

// askLink answers with the same page whether or not we know the address.
func (d Deps) askLink(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	wait, err := d.People.AskLink(r.Context(), email, d.network(r), device(r))
	if errs, ok := kit.FormErrors(r, err); ok {
		v := d.signInView()
		v.Email, v.Errors = email, errs
		return kit.Render(w, r, http.StatusUnprocessableEntity, signInPage(v))
	}
	if err != nil {
		return err
	}
	return d.wait(w, r, wait)
}

func (d Deps) wait(w http.ResponseWriter, r *http.Request, wait string) error {
	d.setCookie(w, waitCookie, wait, stepLifetime)
	d.dropCookie(w, r, linkCookie)
	return kit.Back(w, r, waitPath)
}

// askAgain is the one button for a new link: on the device that opened a link
// that ran out, or on the one that waits.
func (d Deps) askAgain(w http.ResponseWriter, r *http.Request) error {
	var wait string
	var err error
	if token := d.cookie(r, linkCookie); token != "" {
		wait, err = d.People.AskAgain(r.Context(), token, d.network(r), device(r))
	} else {
		wait, err = d.People.AskAgainWaiting(r.Context(), d.cookie(r, waitCookie), d.network(r), device(r))
	}
	if isOver(err) { // nobody's link: begin at the beginning
		d.dropCookie(w, r, linkCookie)
		d.dropCookie(w, r, waitCookie)
		return kit.Back(w, r, signInPath)
	}
	if err != nil {
		return err
	}
	return d.wait(w, r, wait)
}

// isOver reports whether a link or a request can no longer be used.
func isOver(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Key == "people.link-over"
}

func (d Deps) showWaiting(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	open, err := d.People.Waiting(r.Context(), d.cookie(r, waitCookie))
	if err != nil {
		return err
	}
	if !open {
		return kit.Render(w, r, http.StatusOK, overPage(d.cookie(r, waitCookie) != ""))
	}
	return kit.Render(w, r, http.StatusOK, waitPage())
}

func (d Deps) showPictures(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	open, err := d.People.Waiting(r.Context(), d.cookie(r, waitCookie))
	if err != nil {
		return err
	}
	if !open {
		return kit.Render(w, r, http.StatusOK, overPage(d.cookie(r, waitCookie) != ""))
	}
	return kit.Render(w, r, http.StatusOK, picturesPage(picturesView{}))
}

func (d Deps) choosePicture(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	v := picturesView{Picture: r.PostForm.Get("picture"), Borrowed: r.PostForm.Get("borrowed") != ""}
	choice, opened, err := d.People.ChoosePicture(r.Context(), d.cookie(r, waitCookie), v.Picture, d.network(r), v.Borrowed, device(r), d.cookie(r, sessionCookie))
	if errs, ok := kit.FormErrors(r, err); ok {
		v.Errors = errs
		return kit.Render(w, r, http.StatusUnprocessableEntity, picturesPage(v))
	}
	switch {
	case isOver(err):
		return kit.Render(w, r, http.StatusOK, overPage(d.cookie(r, waitCookie) != ""))
	case err != nil:
		return err
	case choice == people.ChoiceRight:
		return d.begin(w, r, opened)
	case choice == people.ChoiceWrong:
		return kit.Render(w, r, http.StatusOK, wrongPicturePage())
	default:
		v.Early = true
		return kit.Render(w, r, http.StatusOK, picturesPage(v))
	}
}

// openLink takes the token out of the address. It changes nothing on the
// server, so that a mail scanner's visit does no harm.
func (d Deps) openLink(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	token := r.PathValue("token")
	if len(token) > maxCookie {
		return fault.NewNotFound("people.link-over").WithHint("people.link-over-hint")
	}
	d.setCookie(w, linkCookie, token, stepLifetime)
	return kit.Back(w, r, linkPath)
}

func (d Deps) showLink(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	v, err := d.People.Link(r.Context(), d.cookie(r, linkCookie))
	if isOver(err) {
		return kit.Render(w, r, http.StatusOK, overPage(d.cookie(r, linkCookie) != ""))
	}
	if err != nil {
		return err
	}
	if v.Picture != "" {
		return kit.Render(w, r, http.StatusOK, elsewherePage(v.Picture))
	}
	return kit.Render(w, r, http.StatusOK, linkPage(linkView{Elsewhere: v.Elsewhere, Device: v.Device}))
}

func (d Deps) useLink(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	opened, err := d.People.UseLink(r.Context(), d.cookie(r, linkCookie), r.PostForm.Get("borrowed") != "", device(r), d.cookie(r, sessionCookie))
	if isOver(err) {
		return kit.Render(w, r, http.StatusOK, overPage(d.cookie(r, linkCookie) != ""))
	}
	if err != nil {
		return err
	}
	return d.begin(w, r, opened)
}

func (d Deps) showElsewhere(w http.ResponseWriter, r *http.Request) error {
	_, err := d.People.ShowPicture(r.Context(), d.cookie(r, linkCookie))
	if err != nil && !isOver(err) {
		return err
	}
	return kit.Back(w, r, linkPath)
}

// signOut ends this session and asks the browser to forget everything of ours.
func (d Deps) signOut(w http.ResponseWriter, r *http.Request) error {
	if cookie := d.cookie(r, sessionCookie); cookie != "" {
		if err := d.People.SignOut(r.Context(), cookie); err != nil {
			return err
		}
	}
	d.forget(w, r)
	return kit.Back(w, r, signedOutPath)
}

// forget clears the device. Browsers follow the header on https; the cookies
// are dropped by name as well.
func (d Deps) forget(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	for _, name := range []string{sessionCookie, waitCookie, linkCookie, cardCookie, deviceCookie, ceremonyCookie, goalCookie} {
		d.dropCookie(w, r, name)
	}
}

func (d Deps) showSignedOut(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	return kit.Render(w, r, http.StatusOK, signedOutPage())
}
