package ui

import (
	"net/url"
	"strings"
)

// safe returns the address if a browser may follow it from our pages: a path
// of this site, an anchor, https, mailto, tel or sms. Addresses come from
// handbooks and from people, so anything else leads nowhere. Plain http is
// allowed to this machine only, for demonstration and tests.
func safe(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "#"
	}
	switch u.Scheme {
	case "https", "mailto", "tel", "sms":
		return address
	case "":
		if u.Host == "" {
			return address
		}
	case "http":
		if h := u.Hostname(); h == "localhost" || h == "127.0.0.1" || h == "::1" {
			return address
		}
	}
	return "#"
}

// telephone returns the address that calls a number as people write it:
// "043 - 123 45 67" becomes "tel:0431234567".
func telephone(number string) string {
	var b strings.Builder
	for _, r := range number {
		if r >= '0' && r <= '9' || r == '+' {
			b.WriteRune(r)
		}
	}
	return "tel:" + b.String()
}
