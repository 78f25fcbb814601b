package signinpages

import (
	"net/http"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Addresses of the pages for printed cards.
const (
	cardHelpPath     = "/aanmelden/met-kaart"
	cardPath         = "/aanmelden/kaart"
	cardWaitPath     = "/aanmelden/kaart/wachten"
	cardsPath        = "/begeleiding/kaarten"
	makeCardPath     = "/begeleiding/kaarten/maken"
	revokeCardPath   = "/begeleiding/kaarten/intrekken"
	decideDevicePath = "/begeleiding/kaarten/apparaat"
)

func (d Deps) cardRoutes(rt *kit.Router) {
	rt.Handle("GET "+cardHelpPath, d.showCardHelp)
	rt.Handle("GET "+cardPath+"/{token}", d.openCard)
	rt.Handle("GET "+cardPath, d.showCard)
	rt.Handle("POST "+cardPath, d.useCard)
	rt.Handle("GET "+cardWaitPath, d.showCardWait)
	rt.Handle("POST "+cardWaitPath, d.claimDevice)
	rt.Handle("GET "+cardsPath, d.signedIn(d.showCards))
	rt.Handle("POST "+makeCardPath, d.signedIn(d.makeCard))
	rt.Handle("GET "+cardsPath+"/{card}", d.signedIn(d.printCard))
	rt.Handle("POST "+revokeCardPath, d.signedIn(d.revokeCard))
	rt.Handle("POST "+decideDevicePath, d.signedIn(d.decideDevice))
}

func (d Deps) showCardHelp(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, cardHelpPage())
}

// openCard takes the token out of the address; see the package's comment.
func (d Deps) openCard(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	token := r.PathValue("token")
	if len(token) > maxCookie {
		return fault.NewNotFound("people.card-over").WithHint("people.card-over-hint")
	}
	d.setCookie(w, cardCookie, token, stepLifetime)
	return kit.Back(w, r, cardPath)
}

func (d Deps) showCard(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	if err := d.People.Card(r.Context(), d.cookie(r, cardCookie)); err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, cardPage())
}

func (d Deps) useCard(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	wait, err := d.People.UseCard(r.Context(), d.cookie(r, cardCookie), d.cookie(r, deviceCookie), d.network(r), device(r))
	if err != nil {
		return err
	}
	d.setCookie(w, deviceCookie, wait, 7*24*time.Hour)
	d.dropCookie(w, r, cardCookie)
	return kit.Back(w, r, cardWaitPath)
}

func (d Deps) showCardWait(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	v, err := d.People.Device(r.Context(), d.cookie(r, deviceCookie))
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, cardWaitPage(v))
}

func (d Deps) claimDevice(w http.ResponseWriter, r *http.Request) error {
	noStore(w)
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	opened, err := d.People.ClaimDevice(r.Context(), d.cookie(r, deviceCookie), r.PostForm.Get("borrowed") != "", device(r), d.cookie(r, sessionCookie))
	if err != nil {
		return err
	}
	return d.begin(w, r, opened)
}

type cardsView struct {
	Rows    []people.CardRow
	Devices []people.WaitingDevice
	Search  string
	// Everybody: may search all persons.
	Everybody bool
	// Weak: communications without a passkey; sees the lists, may not act.
	Weak bool
}

func maker(s people.Session, p people.Person) people.Maker {
	return people.Maker{Person: p, Strong: s.Strong()}
}

func (d Deps) showCards(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	may, err := d.People.MayMakeCards(r.Context(), p)
	if err != nil {
		return err
	}
	if !may {
		return fault.NewForbidden("fault.forbidden").WithHint("fault.forbidden-hint")
	}
	v := cardsView{Search: r.URL.Query().Get("q"), Everybody: p.Is(people.Communications)}
	v.Weak = v.Everybody && !s.Strong()
	if v.Rows, err = d.People.CardRows(r.Context(), maker(s, p), v.Search); err != nil {
		return err
	}
	if v.Devices, err = d.People.CardDevices(r.Context(), maker(s, p)); err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, cardsPage(v, time.Now()))
}

func (d Deps) makeCard(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	c, err := d.People.MakeCard(r.Context(), maker(s, p), r.PostForm.Get("person"))
	if err != nil {
		return err
	}
	return kit.Back(w, r, cardsPath+"/"+c.ID)
}

func (d Deps) printCard(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	c, address, err := d.People.CardToPrint(r.Context(), maker(s, p), r.PathValue("card"))
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, cardPrintPage(c.Name, address))
}

func (d Deps) revokeCard(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	if err := d.People.RevokeCard(r.Context(), maker(s, p), r.PostForm.Get("card")); err != nil {
		return err
	}
	return kit.Back(w, r, cardsPath)
}

func (d Deps) decideDevice(w http.ResponseWriter, r *http.Request, s people.Session, p people.Person) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	id, m := r.PostForm.Get("device"), maker(s, p)
	var err error
	switch r.PostForm.Get("do") {
	case "confirm":
		err = d.People.ConfirmDevice(r.Context(), m, id)
	case "refuse":
		err = d.People.RefuseDevice(r.Context(), m, id)
	case "remove":
		err = d.People.RemoveDevice(r.Context(), m, id)
	default:
		err = fault.NewInvalid("fault.form")
	}
	if err != nil {
		return err
	}
	return kit.Back(w, r, cardsPath)
}
