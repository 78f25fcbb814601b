// Package settingpages has the pages on which somebody says how they want to
// see the product: the screen (letters, calm, theme, language) and "Wie ben
// je?". Visitors have them too; the choice stays on their device. For a person
// who is signed in it is also kept in the profile.
package settingpages

import (
	"net/http"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// Deps is what the pages need.
type Deps struct {
	// Save keeps the display on the device and, for a person, in the profile.
	Save func(w http.ResponseWriter, r *http.Request, d kit.Display) error
}

// Routes registers the pages.
func Routes(rt *kit.Router, d Deps) {
	rt.Handle("GET /scherm", showScreen)
	rt.Handle("POST /scherm", d.saveScreen)
	rt.Handle("POST /taal", d.saveLanguage)
	rt.Handle("GET /wie-ben-je", showWho)
	rt.Handle("POST /wie-ben-je", d.saveWho)
}

func showScreen(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, screenPage(backOf(r)))
}

// saveScreen takes what the form holds; a value that is not one of the
// choices becomes the normal one.
func (d Deps) saveScreen(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	display := kit.DisplayOf(r.Context())
	display.Size = oneOf(r.PostForm.Get("size"), "groot", "groter")
	display.Theme = oneOf(r.PostForm.Get("theme"), "light", "dark")
	display.Calm = r.PostForm.Get("calm") != ""
	if lang, ok := i18n.Parse(r.PostForm.Get("lang")); ok {
		display.Lang = lang
	}
	return d.saveAndGoBack(w, r, display)
}

func (d Deps) saveLanguage(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	display := kit.DisplayOf(r.Context())
	if lang, ok := i18n.Parse(r.PostForm.Get("lang")); ok {
		display.Lang = lang
	}
	return d.saveAndGoBack(w, r, display)
}

func showWho(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, whoPage(backOf(r)))
}

func (d Deps) saveWho(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	display := kit.DisplayOf(r.Context())
	display.Audience = oneOf(r.PostForm.Get("audience"), "client", "staff", "volunteer")
	display.Asked, display.ChosenBy = true, kit.Who(r.Context()).PersonID
	return d.saveAndGoBack(w, r, display)
}

func (d Deps) saveAndGoBack(w http.ResponseWriter, r *http.Request, display kit.Display) error {
	if err := d.Save(w, r, display); err != nil {
		return err
	}
	return kit.Back(w, r, r.PostForm.Get("back"))
}

// backOf is where a settings page leads when it is done: the page of this
// site that the reader came from.
func backOf(r *http.Request) string { return kit.Local(r.URL.Query().Get("terug")) }

func oneOf(value string, allowed ...string) string {
	for _, a := range allowed {
		if value == a {
			return value
		}
	}
	return ""
}
