package signinpages

import (
	"net/http"

	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Addresses of signing in with the organisation's account. The last is the one
// to register at the provider.
const (
	organisationPath      = "/aanmelden/organisatie"
	organisationBeginPath = "/aanmelden/organisatie/begin"
	OrganisationReturn    = "/aanmelden/organisatie/terug"
)

func (d Deps) organisationRoutes(rt *kit.Router) {
	rt.Handle("GET "+organisationPath, d.showOrganisation)
	rt.Handle("GET "+organisationBeginPath, d.beginOrganisation)
	rt.Handle("GET "+OrganisationReturn, d.finishOrganisation)
}

func (d Deps) showOrganisation(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	d.remember(w, r)
	name := d.People.OrganisationName()
	if name == "" {
		return kit.Back(w, r, signInPath)
	}
	return kit.Render(w, r, http.StatusOK, organisationPage(name))
}

// beginOrganisation leads to the provider. It is a link and not a form,
// because the content policy lets forms go to this site only.
func (d Deps) beginOrganisation(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	address, cookie, err := d.People.BeginOrganisation(r.Context(), d.network(r), r.URL.Query().Get("apparaat") == "geleend")
	if err != nil {
		return err
	}
	d.setCookie(w, ceremonyCookie, cookie, stepLifetime)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

func (d Deps) finishOrganisation(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	q := r.URL.Query()
	answer := people.Answer{State: q.Get("state"), Issuer: q.Get("iss"), Code: q.Get("code")}
	opened, err := d.People.FinishOrganisation(r.Context(), d.cookie(r, ceremonyCookie), answer, device(r), d.cookie(r, sessionCookie))
	if err != nil {
		d.dropCookie(w, r, ceremonyCookie)
		return err
	}
	return d.begin(w, r, opened)
}
