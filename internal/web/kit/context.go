// Package kit is what every page needs and no page should write again: the
// request's language, person, display settings and site in the context;
// handlers that return errors; errors as pages in plain words. It knows no
// capability.
//
// Start reading at Handler, then Request.
package kit

import (
	"context"
	"net/http"
	"slices"

	"ambassadeur/internal/i18n"
)

// Principal is who asks. The zero Principal is a visitor.
type Principal struct {
	PersonID  string
	Name      string
	Audiences []string // "client", "staff", "volunteer"
	Offices   []string // "communications", "director", "administrator", "privacy_officer"
	// Strong: signed in with a passkey, or by a provider that asked a second
	// factor. Every act of an office needs it.
	Strong bool
	// Borrowed: "this is not my own device"; the session ends with the task.
	Borrowed bool
}

// SignedIn reports whether it is a person and not a visitor.
func (p Principal) SignedIn() bool { return p.PersonID != "" }

// Is reports whether the person holds the office.
func (p Principal) Is(office string) bool { return slices.Contains(p.Offices, office) }

// In reports whether the person is in the audience.
func (p Principal) In(audience string) bool { return slices.Contains(p.Audiences, audience) }

// Display is how somebody wants to see the pages. The zero Display is Dutch,
// normal letters, not calm, the device's own theme, everybody's texts.
type Display struct {
	Lang     i18n.Lang
	Size     string // "", "groot", "groter"
	Calm     bool
	Theme    string // "", "light", "dark"
	Audience string // "", "client", "staff", "volunteer": the answer to "Wie ben je?"
	// ChosenBy is the person who chose the audience, empty for a visitor: what
	// a visitor or somebody else chose on this device is not a person's choice.
	ChosenBy string
	// Asked: the question "Wie ben je?" was answered or skipped.
	Asked bool
}

// Contact is how to reach the people who can help; shown on every page.
type Contact struct {
	Department, Phone, Email, Hours string
}

// Site is what all pages of one installation share.
type Site struct {
	Name         string // of the product
	Organisation string
	Demo         bool // demonstration: shows the band, reaches nobody
	Contact      Contact
	BaseURL      string // "https://ambassadeur.example.org", no slash at the end
}

// Env is the request's surroundings, put into its context once by the
// middleware and read by handlers and templates.
type Env struct {
	Who     Principal
	Display Display
	Site    Site
	// Asset gives the hashed address of a built file by its plain name.
	Asset func(name string) string
	// Path is the path of the page, for forms that lead back to it.
	Path string
}

type envKey struct{}

// With returns a context that holds env.
func With(ctx context.Context, env *Env) context.Context {
	return context.WithValue(ctx, envKey{}, env)
}

// EnvOf returns the request's surroundings; outside a request, empty ones.
func EnvOf(ctx context.Context) *Env {
	if e, ok := ctx.Value(envKey{}).(*Env); ok {
		return e
	}
	return &Env{Asset: func(name string) string { return "/bestanden/" + name }}
}

// Who returns the person who asks.
func Who(ctx context.Context) Principal { return EnvOf(ctx).Who }

// DisplayOf returns how the person wants to see the page.
func DisplayOf(ctx context.Context) Display { return EnvOf(ctx).Display }

// SiteOf returns what all pages share.
func SiteOf(ctx context.Context) Site { return EnvOf(ctx).Site }

// Asset returns the address of a built file: "app.css" → "/bestanden/app-1A2B.css".
func Asset(ctx context.Context, name string) string { return EnvOf(ctx).Asset(name) }

// Lang returns the language of the page.
func Lang(ctx context.Context) i18n.Lang { return Printer(ctx).Lang() }

// Printer returns the printer of the page's language.
func Printer(ctx context.Context) i18n.Printer { return i18n.For(EnvOf(ctx).Display.Lang) }

// T says a message of the catalog in the page's language.
func T(ctx context.Context, key string, kv ...any) string { return Printer(ctx).T(key, kv...) }

// N says the plural form of a message for count.
func N(ctx context.Context, key string, count int, kv ...any) string {
	return Printer(ctx).N(key, count, kv...)
}

// Pick returns the text in the page's language.
func Pick(ctx context.Context, nl, en string) string {
	if Lang(ctx) == i18n.EN {
		return en
	}
	return nl
}

// Back sends the browser to another page with 303, as the answer to a form.
// The address must be of this site; anything else leads to the start page.
func Back(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, Local(to), http.StatusSeeOther)
	return nil
}

// Local returns the path if it points inside this site, and "/" otherwise.
func Local(path string) string {
	if len(path) == 0 || len(path) > 500 || path[0] != '/' {
		return "/"
	}
	if len(path) > 1 && (path[1] == '/' || path[1] == '\\') {
		return "/"
	}
	for _, c := range path {
		if c < ' ' || c == '\\' || c == 0x7f {
			return "/"
		}
	}
	return path
}
