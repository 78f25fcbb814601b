// Package gallery shows every part and every page state with sample data, for
// those who build the pages, and for the tests that walk through all of them
// in a browser. It is served in development and demonstration only.
//
// A page area lists its states in a function States() []kit.State; internal/web
// gathers them into areas.
package gallery

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// Path is where the gallery stands. A state stands at Path/AREA/NAME and takes
// size, theme, calm and lang as query parameters.
const Path = "/galerij"

// Area is the states of one package.
type Area struct {
	Name   string // as in its package: "homepages"
	States []kit.State
}

// Routes registers the gallery with its own area and those of all pages, which
// are asked for when somebody looks, so that no start waits for them.
func Routes(rt *kit.Router, pages func(ctx context.Context) ([]Area, error)) {
	rt.Handle("GET "+Path, func(w http.ResponseWriter, r *http.Request) error {
		areas, err := pages(r.Context())
		if err != nil {
			return err
		}
		return kit.Render(w, r, http.StatusOK, index(append([]Area{Parts()}, areas...)))
	})
	rt.Handle("GET "+Path+"/{area}/{state}", func(w http.ResponseWriter, r *http.Request) error {
		areas, err := pages(r.Context())
		if err != nil {
			return err
		}
		s, ok := find(append([]Area{Parts()}, areas...), r.PathValue("area"), r.PathValue("state"))
		if !ok {
			return fault.NewNotFound("fault.not-found")
		}
		return kit.Render(w, r, http.StatusOK, dressed(s, r))
	})
}

func find(areas []Area, area, name string) (kit.State, bool) {
	for _, a := range areas {
		for _, s := range a.States {
			if a.Name == area && s.Name == name {
				return s, true
			}
		}
	}
	return kit.State{}, false
}

// dressed renders the state with its own person and display, changed by the
// query of the request.
func dressed(s kit.State, r *http.Request) templ.Component {
	env := *kit.EnvOf(r.Context())
	env.Who = s.Who
	env.Display = s.Display
	q := r.URL.Query()
	if size := q.Get("size"); size == "groot" || size == "groter" {
		env.Display.Size = size
	}
	if theme := q.Get("theme"); theme == "light" || theme == "dark" {
		env.Display.Theme = theme
	}
	if q.Get("calm") != "" {
		env.Display.Calm = true
	}
	if lang, ok := i18n.Parse(q.Get("lang")); ok {
		env.Display.Lang = lang
	}
	return within(env, s.Component)
}

// within renders a component in other surroundings than the request's.
func within(env kit.Env, c templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(kit.With(ctx, &env), w)
	})
}
