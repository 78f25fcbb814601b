// Package web is the product as an HTTP handler: routes, middleware and the
// wiring of the page areas. It decides nothing itself.
//
// Start reading at New.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/web/assets"
	"ambassadeur/internal/web/handbookpages"
	"ambassadeur/internal/web/homepages"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/noticepages"
	"ambassadeur/internal/web/officepages"
	"ambassadeur/internal/web/settingpages"
	"ambassadeur/internal/web/signinpages"
)

// Deps is what the pages need, wired in internal/app.
type Deps struct {
	Log *slog.Logger
	// HTTPS: people reach the product over https, so cookies are Secure.
	HTTPS bool
	Box   Sealer
	Site  SiteOf
	// SaveDisplay keeps a person's choice of screen in the profile.
	SaveDisplay func(ctx context.Context, personID string, d kit.Display) error
	// Health says whether the product can do its work.
	Health  func(ctx context.Context) error
	Observe kit.Observe
	Home    homepages.Deps
	Book    handbookpages.Deps
	SignIn  signinpages.Deps
	Notice  noticepages.Deps
	Office  officepages.Deps
	// More registers further pages, such as the gallery.
	More func(rt *kit.Router)
}

// New builds the handler.
func New(d Deps) (http.Handler, error) {
	if err := assets.Check(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	rt := kit.NewRouter(d.Log, layout.Fault, d.Observe)
	cookie := displayCookie{box: d.Box, secure: d.HTTPS}
	rt.Mount("GET "+assets.Prefix, assets.Handler())
	rt.Handle("GET "+healthPath, health(d.Health))
	rt.Handle("GET "+layout.ManifestPath, layout.Manifest)
	rt.Handle("/", func(http.ResponseWriter, *http.Request) error {
		return fault.NewNotFound("fault.not-found").WithHint("fault.not-found-hint")
	})
	homepages.Routes(rt, d.Home)
	settingpages.Routes(rt, settingpages.Deps{Save: d.saveDisplay(cookie)})
	handbookpages.Routes(rt, d.Book)
	signinpages.Routes(rt, d.SignIn)
	noticepages.Routes(rt, d.Notice)
	officepages.Routes(rt, d.Office)
	if d.More != nil {
		d.More(rt)
	}

	h := sameOrigin(rt, rt)
	h = recovered(d.Log, rt, h)
	h = environment(d.Site, assets.Asset, d.SignIn.Identify(cookie.read), rt, h)
	h, err := compressed(h)
	if err != nil {
		return nil, err
	}
	h = secure(d.HTTPS, h)
	return h, nil
}

// healthPath is where a machine asks whether all is well.
const healthPath = "/gezond"

// health answers a machine: 200 when all is well, 503 when not.
func health(check func(ctx context.Context) error) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := check(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintln(w, "not healthy; run: ambassadeur doctor")
			return nil
		}
		_, _ = fmt.Fprintln(w, "healthy")
		return nil
	}
}
