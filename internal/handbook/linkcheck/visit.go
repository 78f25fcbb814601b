package linkcheck

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

const (
	maxBody      = 64 << 10
	maxRedirects = 5
)

// What a visit can run into besides the network.
var (
	errRefused   = errors.New("this address is not visited")
	errRedirects = errors.New("sent on too often")
)

// visitor asks for pages like a careful guest: no cookies, no proxy, nothing
// of ours but a name, and never an address inside the organisation's own
// network, whatever a name in the DNS says.
type visitor struct {
	client  *http.Client
	agent   string
	timeout time.Duration
}

func newVisitor(agent string, timeout time.Duration, loopback bool) *visitor {
	dialer := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		return mayVisit(address, loopback)
	}}
	return &visitor{agent: agent, timeout: timeout, client: &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: maxBody,
			TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errRedirects
			}
			r.Header.Del("Referer")
			return mayAsk(r.URL)
		},
	}}
}

// mayAsk refuses everything but plain web addresses.
func mayAsk(u *url.URL) error {
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return errRefused
	}
	return nil
}

// mayVisit looks at the address that a name was resolved to, just before the
// connection is made, so that no name can point to where we should not go.
func mayVisit(address string, loopback bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.IsLoopback() && loopback {
		return nil
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || inside(ip) {
		return errRefused
	}
	return nil
}

// inside reports whether the address belongs to a network that is not the
// public internet and that netip does not call private.
func inside(ip netip.Addr) bool {
	for _, p := range [...]netip.Prefix{
		netip.PrefixFrom(netip.AddrFrom4([4]byte{0}), 8),                      // this network
		netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10),               // behind a provider
		netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 0}), 24),             // protocol assignments
		netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18}), 15),               // benchmarks
		netip.PrefixFrom(netip.AddrFrom4([4]byte{240}), 4),                    // reserved
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0, 0x64, 0xff, 0x9b}), 32), // IPv4 inside IPv6
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x02}), 16),          // the same, older
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x01}), 32),          // the same, Teredo
	} {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// look asks whether an address leads to a page: with HEAD, and when the site
// does not answer that well, with GET.
func (v *visitor) look(ctx context.Context, address string) (Outcome, int) {
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	half, done := context.WithTimeout(ctx, v.timeout/2)
	status, err := v.ask(half, http.MethodHead, address)
	done()
	if errors.Is(err, errRefused) || errors.Is(err, errRedirects) || ctx.Err() != nil {
		return outcomeOf(status, err), status
	}
	if err == nil && status < 400 {
		return OK, status
	}
	status, err = v.ask(ctx, http.MethodGet, address)
	return outcomeOf(status, err), status
}

func (v *visitor) ask(ctx context.Context, method, address string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return 0, errRefused
	}
	if err := mayAsk(r.URL); err != nil {
		return 0, err
	}
	r.Header.Set("User-Agent", v.agent)
	r.Header.Set("Accept", "text/html, application/pdf, */*;q=0.5")
	resp, err := v.client.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close() // nothing was written; the status is known
	if err != nil && ctx.Err() != nil {
		return 0, err // the page never came to an end
	}
	return resp.StatusCode, nil
}

func outcomeOf(status int, err error) Outcome {
	var timeout net.Error
	switch {
	case errors.Is(err, errRefused):
		return Refused
	case errors.Is(err, errRedirects):
		return Redirects
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Timeout
	case err != nil:
		return Network
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Locked
	case status == http.StatusTooManyRequests:
		return Busy
	case status >= 400:
		return Status
	default:
		return OK
	}
}
