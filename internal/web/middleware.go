package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/assets"
	"ambassadeur/internal/web/kit"
)

// contentPolicy lets a page use what this server serves and nothing else: no
// inline script or style, no other site (ui.md; RQ-17 of the analysis).
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer has.
func secure(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// recovered turns a panic into the page for our mistakes, and logs it.
func recovered(log *slog.Logger, rt *kit.Router, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("route", r.Pattern), slog.String("stack", string(debug.Stack())))
			rt.Fail(w, r, fmt.Errorf("panic: %v", v))
		}()
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms that another website posts, by what the browser
// says of itself (http.CrossOriginProtection). No page needs a token.
func sameOrigin(rt *kit.Router, next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rt.Fail(w, r, fault.NewForbidden("fault.cross-origin").WithHint("fault.cross-origin-hint"))
	}))
	return p.Handler(next)
}

// Identify says who asks and how they want to see the pages. It may set a
// cookie to renew a session. An error becomes a page.
type Identify func(w http.ResponseWriter, r *http.Request) (kit.Principal, kit.Display, error)

// SiteOf says what all pages share, in one language.
type SiteOf func(ctx context.Context, lang i18n.Lang) kit.Site

// environment puts the request's surroundings into its context. Files of the
// build and the answer to a health check need none.
func environment(site SiteOf, asset func(string) string, who Identify, rt *kit.Router, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, assets.Prefix) || r.URL.Path == healthPath {
			next.ServeHTTP(w, r)
			return
		}
		env := &kit.Env{Asset: asset, Path: r.URL.Path}
		r = r.WithContext(kit.With(r.Context(), env))
		p, d, err := who(w, r)
		env.Who, env.Display = p, d
		env.Site = site(r.Context(), d.Lang)
		if err != nil {
			rt.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// compressed packs pages for browsers that take it. Answers differ in length
// by a random amount, so that their size says nothing about a secret in them.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.RandomJitter(32, 0, false), gzhttp.ContentTypes([]string{"text/html", "application/manifest+json"}))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap(next), nil
}
