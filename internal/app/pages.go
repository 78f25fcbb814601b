package app

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web"
	"ambassadeur/internal/web/gallery"
	"ambassadeur/internal/web/handbookpages"
	"ambassadeur/internal/web/homepages"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/noticepages"
	"ambassadeur/internal/web/signinpages"
)

func (a *App) openPages(context.Context) error {
	proxies, err := prefixes(a.Config.TrustedProxies)
	if err != nil {
		return err
	}
	a.Handler, err = web.New(web.Deps{
		Log: a.Log, HTTPS: a.https(), Box: a.Box, Site: a.site, Health: a.Healthy, Observe: a.observe,
		SaveDisplay: a.saveDisplay,
		Home: homepages.Deps{
			Book: a.Book, Unfinished: a.unfinished, Notices: a.notices, Dismiss: a.dismiss, Now: time.Now,
		},
		Book:   handbookpages.Deps{Book: a.Handbook.Current, Readings: a.Readings, Changes: a.Handbook.Changes},
		SignIn: signinpages.Deps{People: a.People, Secure: a.https(), Address: clientAddress(proxies), Notifications: noticepages.Path},
		Notice: noticepages.Deps{Preferences: a.Notify},
		Office: a.officePages(),
		More:   a.gallery,
	})
	return err
}

// gallery shows every page state in a demonstration, with the edition in force.
func (a *App) gallery(rt *kit.Router) {
	if !a.Config.Demo {
		return
	}
	gallery.Routes(rt, func(ctx context.Context) ([]gallery.Area, error) {
		book, err := a.Book(ctx)
		if err != nil {
			return nil, err
		}
		return web.Areas(book), nil
	})
}

func (a *App) saveDisplay(ctx context.Context, personID string, d kit.Display) error {
	return a.People.SetDisplay(ctx, personID, people.Display{Lang: string(d.Lang), Size: d.Size, Calm: d.Calm, Theme: d.Theme})
}

// unfinished lists what a person was busy with. No page saves drafts yet.
func (a *App) unfinished(context.Context, string) ([]homepages.Unfinished, error) { return nil, nil }

// clientAddress returns who asks: the connection's other end, or, when that is
// a proxy that we trust, the last address before the trusted ones in
// X-Forwarded-For.
func clientAddress(trusted []netip.Prefix) func(*http.Request) string {
	isTrusted := func(ip netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(ip.Unmap()) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) string {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		ip, err := netip.ParseAddr(host)
		if err != nil || !isTrusted(ip) {
			return host
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				return host
			}
			if host = hop.String(); !isTrusted(hop) {
				return host
			}
		}
		return host
	}
}

func prefixes(networks []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, n := range networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, err // config has checked it
		}
		out = append(out, p)
	}
	return out, nil
}

func printers() []mail.Printer {
	var out []mail.Printer
	for _, l := range i18n.Langs() {
		out = append(out, i18n.For(l))
	}
	return out
}
