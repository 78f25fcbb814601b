package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// displayCookie keeps how a visitor wants the screen on the visitor's own
// device. It is sealed: the answer to "Wie ben je?" is in it, and that
// somebody is a client is nobody else's business.
type displayCookie struct {
	box    Sealer
	secure bool
}

// Sealer encrypts a cookie's value.
type Sealer interface {
	Seal(purpose string, plain []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
}

const (
	displayPurpose  = "display cookie"
	displayLifetime = 365 * 24 * time.Hour
	maxDisplay      = 1024 // bytes of the cookie's value that are looked at
)

func (c displayCookie) name() string {
	if c.secure {
		return "__Host-weergave"
	}
	return "weergave"
}

// read returns the display of the request; a cookie that is missing, foreign
// or broken gives the default in the browser's language.
func (c displayCookie) read(r *http.Request) kit.Display {
	fallback := kit.Display{Lang: i18n.Prefer(r.Header.Get("Accept-Language"))}
	cookie, err := r.Cookie(c.name())
	if err != nil || len(cookie.Value) > maxDisplay {
		return fallback
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return fallback
	}
	plain, err := c.box.Open(displayPurpose, sealed)
	if err != nil {
		return fallback
	}
	var d kit.Display
	if err := json.Unmarshal(plain, &d); err != nil {
		return fallback
	}
	return d
}

// write keeps d on the device; on a borrowed one until the browser closes.
func (c displayCookie) write(w http.ResponseWriter, d kit.Display, borrowed bool) error {
	plain, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sealed, err := c.box.Seal(displayPurpose, plain)
	if err != nil {
		return err
	}
	life := displayLifetime
	if borrowed {
		life = 0
	}
	http.SetCookie(w, &http.Cookie{
		Name: c.name(), Value: base64.RawURLEncoding.EncodeToString(sealed), Path: "/",
		MaxAge: int(life.Seconds()), Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}
