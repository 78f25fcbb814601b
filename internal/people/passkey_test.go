package people_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/people/passkey"
	"ambassadeur/internal/people/passkey/passkeytest"
)

// key is an authenticator with one passkey, as a phone holds it.
type key struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	cred virtualwebauthn.Credential
}

func newKey(p people.Person) *key {
	return &key{
		rp:   virtualwebauthn.RelyingParty{Name: "Ambassadeur", ID: "localhost", Origin: "http://localhost:8080"},
		auth: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(p.ID)}),
		cred: passkeytest.NewCredential(),
	}
}

// add answers the options for a new key.
func (k *key) add(t testing.TB, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(k.rp, k.auth, k.cred, *o))
}

// use answers the options for signing in.
func (k *key) use(t testing.TB, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	k.cred.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(k.rp, k.auth, k.cred, *o))
}

func (w *world) withPasskeys() *world {
	w.t.Helper()
	v, err := passkey.New("http://localhost:8080", "Ambassadeur")
	if err != nil {
		w.t.Fatal(err)
	}
	w.Config.Passkeys = v
	return w
}

// addKey makes a passkey in a fresh session of the person.
func (w *world) addKey(p people.Person) (*key, people.Opened) {
	w.t.Helper()
	o := w.signIn(p)
	k := newKey(p)
	if err := w.tryAdd(k, o.Session); err != nil {
		w.t.Fatal(err)
	}
	return k, o
}

func (w *world) tryAdd(k *key, s people.Session) error {
	w.t.Helper()
	ctx := context.Background()
	options, cookie, err := w.BeginAddPasskey(ctx, s)
	if err != nil {
		return err
	}
	return w.FinishAddPasskey(ctx, s, cookie, "Mijn telefoon", k.add(w.t, options))
}

func (w *world) tryUse(k *key) (people.Opened, error) {
	w.t.Helper()
	ctx := context.Background()
	options, cookie, err := w.BeginPasskey(ctx, "net")
	if err != nil {
		return people.Opened{}, err
	}
	return w.UsePasskey(ctx, cookie, k.use(w.t, options), false, "Safari, iPhone", "")
}

func TestAPasskeyIsMadeAfterALinkAndSignsIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.withPasskeys()
		p := w.person("loes", people.Staff, "communicatie")
		k, o := w.addKey(p)
		if s, _, err := w.Authenticate(ctx, o.Cookie); err != nil || !s.Strong() {
			t.Errorf("the session that made the key is not strong: %v", err)
		}
		w.clock.pass(time.Hour)
		o, err := w.tryUse(k)
		if err != nil || o.Session.PersonID != p.ID || o.Session.Method != people.ByPasskey {
			t.Fatalf("use: %+v %v", o.Session, err)
		}
		s, _, err := w.Authenticate(ctx, o.Cookie)
		if err != nil || !s.Strong() {
			t.Errorf("not strong: %v", err)
		}
		w.clock.pass(13 * time.Hour)
		if s, _, err = w.Authenticate(ctx, o.Cookie); err != nil || s.Strong() {
			t.Errorf("strong after thirteen hours: %v", err)
		}
		list, err := w.ListPasskeys(ctx, p.ID)
		if err != nil || len(list) != 1 || list[0].Name != "Mijn telefoon" || list[0].Used.IsZero() {
			t.Errorf("list: %+v %v", list, err)
		}
		if !w.audit.has(p.ID + " passkey.add passkey/") {
			t.Error("no audit line")
		}
		w.work()
		if len(w.mails.sent) != 1 || w.mails.sent[0].To != p.Email {
			t.Errorf("the owner was not told: %+v", w.mails.sent)
		}
		body, err := db.Get(ctx, w.DB.Reader(), func(r db.Row) ([]byte, error) { var b []byte; return b, r.Scan(&b) }, `select body from passkey`)
		if err != nil || bytes.Contains(body, []byte("publicKey")) {
			t.Errorf("kept as it is: %v", err)
		}
	})
}

func TestWhoMayMakeAPasskeyWhen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.withPasskeys()
		p := w.person("p", people.Staff)
		old := w.signIn(p)
		w.clock.pass(31 * time.Minute)
		s, _, err := w.Authenticate(ctx, old.Cookie)
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.tryAdd(newKey(p), s), fault.Forbidden, "people.passkey-not-now")
		_, strong := w.addKey(p)
		weak := w.signIn(p)
		wantKind(t, w.tryAdd(newKey(p), weak.Session), fault.Forbidden, "people.passkey-not-now")
		s, _, err = w.Authenticate(ctx, strong.Cookie)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.tryAdd(newKey(p), s); err != nil {
			t.Errorf("a second one in a strong session: %v", err)
		}
		url, err := w.SignInLink(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		borrowed, err := w.UseLink(ctx, tokenOf(url), true, "d", "")
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.tryAdd(newKey(p), borrowed.Session), fault.Forbidden, "people.passkey-borrowed")

		list, err := w.ListPasskeys(ctx, p.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d keys, %v", len(list), err)
		}
		wantKind(t, w.RemovePasskey(ctx, weak.Session, list[0].ID), fault.Forbidden, "fault.strong")
		other := w.person("other", people.Staff)
		_, oo := w.addKey(other)
		os, _, err := w.Authenticate(ctx, oo.Cookie)
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.RemovePasskey(ctx, os, list[0].ID), fault.NotFound, "people.passkey-gone")
		if err := w.RemovePasskey(ctx, s, list[0].ID); err != nil {
			t.Error(err)
		}
		if err := w.ForgetPasskeys(ctx, "system", p.ID); err != nil {
			t.Error(err)
		}
		if err := w.tryAdd(newKey(p), w.signIn(p).Session); err != nil {
			t.Errorf("a first one again after all were lost: %v", err)
		}
	})
}

func TestACopiedPasskeyIsRefusedAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.withPasskeys()
		p := w.person("p", people.Staff)
		k, _ := w.addKey(p)
		if _, err := w.tryUse(k); err != nil {
			t.Fatal(err)
		}
		k.cred.Counter = 0 // the copy never saw the last use: it counts to 1 again
		_, err := w.tryUse(k)
		wantKind(t, err, fault.Forbidden, "people.passkey-copied")
		k.cred.Counter = 50
		_, err = w.tryUse(k)
		wantKind(t, err, fault.Forbidden, "people.passkey-failed")
		if !w.audit.has(p.ID + " passkey.copied passkey/") {
			t.Error("no audit line")
		}
	})
}

func TestPasskeyCeremoniesAreSingleUseAndBound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.withPasskeys()
		p, other := w.person("p", people.Staff), w.person("other", people.Staff)
		k, _ := w.addKey(p)
		use := func(cookie string, response []byte) error {
			_, err := w.UsePasskey(ctx, cookie, response, false, "d", "")
			return err
		}
		options, cookie, err := w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		answer := k.use(t, options)
		if err := use(cookie, answer); err != nil {
			t.Fatal(err)
		}
		wantKind(t, use(cookie, answer), fault.Forbidden, "people.passkey-failed") // replayed

		_, another, err := w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, use(another, answer), fault.Forbidden, "people.passkey-failed") // of another challenge
		wantKind(t, use("made up", answer), fault.Forbidden, "people.passkey-failed")
		options, cookie, err = w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		k.rp.Origin = "http://localhost.example.org:8080"
		wantKind(t, use(cookie, k.use(t, options)), fault.Forbidden, "people.passkey-failed") // another site
		k.rp.Origin = "http://localhost:8080"

		options, cookie, err = w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		w.clock.pass(31 * time.Minute)
		wantKind(t, use(cookie, k.use(t, options)), fault.Forbidden, "people.passkey-failed") // too late

		options, cookie, err = w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		k.auth.Options.UserHandle = []byte(other.ID)
		wantKind(t, use(cookie, k.use(t, options)), fault.Forbidden, "people.passkey-failed") // another's key
		k.auth.Options.UserHandle = []byte(p.ID)

		options, cookie, err = w.BeginPasskey(ctx, "net")
		if err != nil {
			t.Fatal(err)
		}
		k.auth.Options.UserNotVerified = true
		wantKind(t, use(cookie, k.use(t, options)), fault.Forbidden, "people.passkey-failed") // no finger, no code
		k.auth.Options.UserNotVerified = false

		// The second half of adding belongs to the person of the first.
		mine := w.signIn(other)
		o := w.signIn(w.person("third", people.Staff))
		options, cookie, err = w.BeginAddPasskey(ctx, o.Session)
		if err != nil {
			t.Fatal(err)
		}
		err = w.FinishAddPasskey(ctx, mine.Session, cookie, "x", newKey(other).add(t, options))
		wantKind(t, err, fault.Forbidden, "people.passkey-failed")

		if err := w.Disable(ctx, "system", p.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.tryUse(k)
		wantKind(t, err, fault.Forbidden, "people.passkey-failed")
	})
}

func TestPasskeysNeedHTTPSOrThisMachine(t *testing.T) {
	for address, want := range map[string]bool{"https://a.example.org": true, "http://localhost:8080": true, "http://a.example.org": false, "http://127.0.0.1:8080": false} {
		if _, err := passkey.New(address, "x"); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}
