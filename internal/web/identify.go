package web

import (
	"net/http"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// saveDisplay keeps a choice: in the profile of a person, so that the phone
// and the computer look alike, and on the device, unless it is somebody
// else's.
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
		if who.Borrowed {
			return nil
		}
		return cookie.write(w, display)
	}
}
