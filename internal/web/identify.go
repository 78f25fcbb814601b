package web

import (
	"net/http"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// saveDisplay keeps a choice: in the profile of a person, so that the phone
// and the computer look alike, and on the device; on somebody else's device
// until the browser closes or the person is done.
func (d Deps) saveDisplay(cookie displayCookie) func(http.ResponseWriter, *http.Request, kit.Display) error {
	return func(w http.ResponseWriter, r *http.Request, display kit.Display) error {
		if _, ok := i18n.Parse(string(display.Lang)); !ok {
			display.Lang = i18n.NL
		}
		who := kit.Who(r.Context())
		if who.SignedIn() {
			if err := d.SaveDisplay(r.Context(), who.PersonID, display); err != nil {
				return err
			}
		}
		return cookie.write(w, display, who.Borrowed)
	}
}
