// Package signinpages holds the pages of signing in, of somebody's own devices
// and keys, and of printed cards. Every page works as a plain form; only
// passkeys need a script, because browsers offer them to scripts alone.
//
// Tokens come in the path of an address, because a printed code and a mail can
// hold nothing else. The first answer puts them into a cookie and leads on to an
// address without, so that no token stays in the address bar, in a screenshot,
// or in a link of the page. Logs hold the route, never the address.
//
// Start reading at Routes, then Identify.
package signinpages

import (
	"net/http"

	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// Deps is what the pages need.
type Deps struct {
	People *people.Service
	// Secure: the outside uses https, so cookies are for https only.
	Secure bool
	// Address gives the address of who asks, behind trusted proxies; the
	// connection's own when nil.
	Address func(*http.Request) string
	// Notifications is the page with somebody's notification settings; no link
	// when empty.
	Notifications string
}

// Routes registers the pages.
func Routes(rt *kit.Router, d Deps) {
	d.linkRoutes(rt)
	d.keyRoutes(rt)
	d.organisationRoutes(rt)
	d.cardRoutes(rt)
	d.ownRoutes(rt)
}

// network is the coarse source of a request, for the throttle.
func (d Deps) network(r *http.Request) string {
	if d.Address != nil {
		return people.Network(d.Address(r))
	}
	return people.Network(r.RemoteAddr)
}

// noStore keeps a page with something personal out of caches, the one that
// the back button shows included.
func noStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }
