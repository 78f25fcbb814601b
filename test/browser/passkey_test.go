package browser

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"ambassadeur/internal/app"
	"ambassadeur/internal/config"
	"ambassadeur/internal/people"
)

// TestPasskey makes a passkey in a real browser, with an authenticator that
// the browser plays, and signs in with it: the script works under the content
// policy, and its words are the ones that the server understands.
func TestPasskey(t *testing.T) {
	needAssets(t)
	tab := chromium(t).Tab(t)
	ctx := context.Background()
	a, base := house(t)
	p, err := a.People.Create(ctx, "system", people.Person{Name: "Loes Wijnen", Audiences: []people.Audience{people.Staff}, Functions: []string{"communicatie"}})
	if err != nil {
		t.Fatal(err)
	}
	link, err := a.People.SignInLink(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	playAuthenticator(t, tab)

	tab.Open(t, link, 390)
	press(t, tab, `form[action="/aanmelden/link"] button`)
	arrives(t, tab, "/mijn/sleutels") // an officer is offered a key first
	press(t, tab, `[data-passkey="create"] button`)
	eventually(t, func() bool {
		keys, err := a.People.ListPasskeys(ctx, p.ID)
		return err == nil && len(keys) == 1
	})
	arrives(t, tab, "/mijn/sleutels")

	tab.Open(t, base+"/mijn", 390)
	press(t, tab, `form[action="/afmelden"] button`)
	arrives(t, tab, "/afgemeld")
	tab.Open(t, base+"/aanmelden/sleutel?naar=/mijn", 390)
	press(t, tab, `[data-passkey="get"] button`)
	arrives(t, tab, "/mijn")
	sessions, err := a.People.Sessions(ctx, p.ID)
	if err != nil || len(sessions) != 1 || !sessions[0].Strong() {
		t.Errorf("sessions: %+v, %v", sessions, err)
	}
	if messages := tab.messages(); len(messages) > 0 {
		t.Errorf("the console says: %v", messages)
	}
}

// house is the whole product in a folder of its own, and its address.
func house(t *testing.T) (*app.App, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	base := "http://localhost:" + port
	cfg, err := config.Load("", []string{"AMBASSADEUR_DATA=" + filepath.Join(t.TempDir(), "house"), "AMBASSADEUR_BASE_URL=" + base, "AMBASSADEUR_LISTEN=127.0.0.1:" + port})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: a.Handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = a.Close()
	})
	return a, base
}

func playAuthenticator(t *testing.T, tab *Tab) {
	t.Helper()
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return err
	}))
}

func press(t *testing.T, tab *Tab, selector string) {
	t.Helper()
	Eval[bool](t, tab, `(document.querySelector(`+"`"+selector+"`"+`).click(), true)`)
}

// arrives waits until the tab is on the path.
func arrives(t *testing.T, tab *Tab, path string) {
	t.Helper()
	eventually(t, func() bool {
		at := Eval[string](t, tab, `document.readyState === 'complete' ? location.pathname : ''`)
		return strings.TrimSuffix(at, "/") == strings.TrimSuffix(path, "/")
	})
}

func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatal("it did not happen within half a minute")
}
