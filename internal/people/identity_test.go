package people_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/people/oidc"
)

const (
	clientID     = "ambassadeur"
	clientSecret = "a secret for tests"
	returnTo     = "http://localhost:8080/aanmelden/organisatie/terug"
)

// provider is a real OpenID Connect provider on this machine.
type provider struct {
	t      testing.TB
	issuer string
}

// startProvider runs test/oidc/server.mjs until the test ends. Without node
// the test is skipped, unless REQUIRE_OIDC=1.
func startProvider(t *testing.T) *provider {
	t.Helper()
	missing := func(what string) {
		t.Helper()
		if os.Getenv("REQUIRE_OIDC") == "1" {
			t.Fatal(what)
		}
		t.Skip(what)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("OpenID Connect part skipped: node is not installed")
	}
	if _, err := os.Stat("../../test/oidc/node_modules/oidc-provider"); err != nil {
		missing("OpenID Connect part skipped: run npm ci --prefix test/oidc")
	}
	cmd := exec.Command(node, "server.mjs", clientID, clientSecret, returnTo)
	cmd.Dir = "../../test/oidc"
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the provider said: %s", trouble.String())
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider does not start: %v: %s", err, trouble.String())
	}
	return &provider{t: t, issuer: strings.TrimSpace(line)}
}

type claims map[string]any

// next says who signs in next.
func (p *provider) next(account string, c claims) {
	p.t.Helper()
	body, err := json.Marshal(map[string]any{"account": account, "claims": c})
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.Post(p.issuer+"/next", "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	_ = resp.Body.Close()
}

// visit follows the address as a browser does, until the provider sends it
// back to us, and returns what is in that last address.
func (p *provider) visit(address string) people.Answer {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var back *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), returnTo) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := browser.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if back == nil {
		p.t.Fatalf("the provider did not send the browser back: %s at %s", resp.Status, resp.Request.URL)
	}
	q := back.Query()
	return people.Answer{State: q.Get("state"), Issuer: q.Get("iss"), Code: q.Get("code")}
}

func (p *provider) config() oidc.Config {
	return oidc.Config{Issuer: p.issuer, ClientID: clientID, ClientSecret: clientSecret, RedirectURL: returnTo, Name: "werkaccount", StrongACR: []string{"gold"}}
}

func (w *world) withOrganisation(cfg oidc.Config) *world {
	w.Organisation = oidc.New(cfg)
	return w
}

// organisation signs in from beginning to end.
func (w *world) organisation(p *provider, account string, c claims) (people.Opened, error) {
	w.t.Helper()
	ctx := context.Background()
	p.next(account, c)
	address, cookie, err := w.BeginOrganisation(ctx, "net", false)
	if err != nil {
		return people.Opened{}, err
	}
	return w.FinishOrganisation(ctx, cookie, p.visit(address), "d", "")
}

func TestStaffSignInWithTheOrganisationsAccount(t *testing.T) {
	p := startProvider(t)
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.withOrganisation(p.config())
		p.t = t
		yara := w.person("yara", people.Staff)
		good := claims{"email": "Yara@example.org", "email_verified": true}

		o, err := w.organisation(p, "subject-1", good)
		if err != nil || o.Session.PersonID != yara.ID || o.Session.Method != people.ByOrganisation {
			t.Fatalf("first time: %+v %v", o.Session, err)
		}
		if s, _, err := w.Authenticate(ctx, o.Cookie); err != nil || s.Strong() {
			t.Errorf("strong without a second factor: %v", err)
		}
		o, err = w.organisation(p, "subject-1", claims{"email": "other@example.org", "amr": []string{"pwd", "mfa"}})
		if err != nil || o.Session.PersonID != yara.ID {
			t.Fatalf("later, by subject alone: %v", err)
		}
		if s, _, err := w.Authenticate(ctx, o.Cookie); err != nil || !s.Strong() {
			t.Errorf("a second factor is not strong: %v", err)
		}
		if o, err = w.organisation(p, "subject-1", claims{"acr": "gold"}); err != nil {
			t.Fatal(err)
		}
		if s, _, err := w.Authenticate(ctx, o.Cookie); err != nil || !s.Strong() {
			t.Errorf("the level of authentication is not strong: %v", err)
		}

		_, err = w.organisation(p, "subject-2", good) // the address was given to somebody new
		wantKind(t, err, fault.Forbidden, "people.organisation-unknown")
		bram := w.person("bram", people.Staff)
		for i, c := range []claims{
			{"email": bram.Email}, {"email": bram.Email, "email_verified": false}, {"email": bram.Email, "xms_edov": false}, {"email": "nobody@example.org", "email_verified": true}, {},
		} {
			_, err = w.organisation(p, fmt.Sprint("subject-3-", i), c)
			wantKind(t, err, fault.Forbidden, "people.organisation-unknown")
		}
		if o, err = w.organisation(p, "subject-4", claims{"email": bram.Email, "xms_edov": "1"}); err != nil || o.Session.PersonID != bram.ID {
			t.Errorf("Entra ID vouches for the address: %v", err)
		}
		w.person("daan", people.Client)
		_, err = w.organisation(p, "subject-5", claims{"email": "daan@example.org", "email_verified": true})
		wantKind(t, err, fault.Forbidden, "people.organisation-unknown")

		if err := w.Disable(ctx, "system", yara.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.organisation(p, "subject-1", good)
		wantKind(t, err, fault.Forbidden, "people.disabled")
	})
}

// Every answer that does not belong to what was asked is refused.
func TestWrongAnswersOfAProviderAreRefused(t *testing.T) {
	p := startProvider(t)
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t))).withOrganisation(p.config())
	ctx := context.Background()
	w.person("yara", people.Staff)
	p.next("subject", claims{"email": "yara@example.org", "email_verified": true})
	begin := func() (*url.URL, string) {
		address, cookie, err := w.BeginOrganisation(ctx, "net", false)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u, cookie
	}
	with := func(u *url.URL, key, value string) string {
		q := u.Query()
		q.Set(key, value)
		c := *u
		c.RawQuery = q.Encode()
		return c.String()
	}
	u, _ := begin()
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || len(q.Get("state")) < 40 || q.Get("response_type") != "code" {
		t.Errorf("asked with %s", u.RawQuery)
	}

	tests := []struct {
		name string
		do   func() (string, people.Answer)
	}{
		{"another nonce", func() (string, people.Answer) {
			u, cookie := begin()
			return cookie, p.visit(with(u, "nonce", "planted"))
		}},
		{"another state", func() (string, people.Answer) {
			u, cookie := begin()
			a := p.visit(u.String())
			a.State = "planted"
			return cookie, a
		}},
		{"no state", func() (string, people.Answer) {
			u, cookie := begin()
			a := p.visit(u.String())
			a.State = ""
			return cookie, a
		}},
		{"another issuer", func() (string, people.Answer) {
			u, cookie := begin()
			a := p.visit(u.String())
			a.Issuer = "https://evil.example.org"
			return cookie, a
		}},
		{"another verifier", func() (string, people.Answer) {
			u, cookie := begin()
			return cookie, p.visit(with(u, "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))
		}},
		{"a made-up code", func() (string, people.Answer) {
			u, cookie := begin()
			a := p.visit(u.String())
			a.Code = "made-up"
			return cookie, a
		}},
		{"no code, as when somebody presses cancel", func() (string, people.Answer) {
			u, cookie := begin()
			return cookie, people.Answer{State: u.Query().Get("state"), Issuer: p.issuer}
		}},
		{"the answer of another browser", func() (string, people.Answer) {
			u, _ := begin()
			_, cookie := begin()
			return cookie, p.visit(u.String())
		}},
		{"no cookie", func() (string, people.Answer) {
			u, _ := begin()
			return "", p.visit(u.String())
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cookie, answer := tt.do()
			_, err := w.FinishOrganisation(ctx, cookie, answer, "d", "")
			wantKind(t, err, fault.Forbidden, "people.organisation-failed")
		})
	}
	t.Run("the same answer twice", func(t *testing.T) {
		u, cookie := begin()
		answer := p.visit(u.String())
		if _, err := w.FinishOrganisation(ctx, cookie, answer, "d", ""); err != nil {
			t.Fatal(err)
		}
		_, err := w.FinishOrganisation(ctx, cookie, answer, "d", "")
		wantKind(t, err, fault.Forbidden, "people.organisation-failed")
	})
	t.Run("a provider that is not the one in the settings", func(t *testing.T) {
		cfg := p.config()
		cfg.Issuer = strings.Replace(p.issuer, "127.0.0.1", "localhost", 1)
		w.withOrganisation(cfg)
		_, _, err := w.BeginOrganisation(ctx, "net", false)
		wantKind(t, err, fault.Unavailable, "people.organisation-down")
	})
}

// A provider that is down, or hangs, stops neither the start nor other ways to
// sign in, and is asked again the next time.
func TestAProviderThatIsDown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }() // accepts, and never answers
	w := newWorld(t, dbtest.Open(t, dbtest.SQLite(t)))
	ctx := context.Background()
	for name, issuer := range map[string]string{"hangs": "http://" + listener.Addr().String(), "refuses": "http://127.0.0.1:1"} {
		t.Run(name, func(t *testing.T) {
			w.withOrganisation(oidc.Config{Issuer: issuer, ClientID: "x", Name: "werkaccount", Timeout: 200 * time.Millisecond})
			if w.OrganisationName() != "werkaccount" {
				t.Error("no button")
			}
			begin := time.Now()
			_, _, err := w.BeginOrganisation(ctx, "net", false)
			wantKind(t, err, fault.Unavailable, "people.organisation-down")
			if took := time.Since(begin); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	w.Organisation = nil
	_, _, err = w.BeginOrganisation(ctx, "net", false)
	wantKind(t, err, fault.NotFound, "people.organisation-off")
}
