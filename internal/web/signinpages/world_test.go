package signinpages_test

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/people"
	"ambassadeur/internal/people/passkey"
	"ambassadeur/internal/secret"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/signinpages"
)

// site is the pages behind a real server, with everything else in the hand of
// the test.
type site struct {
	*people.Service
	t     *testing.T
	URL   string
	log   *bytes.Buffer
	mu    sync.Mutex
	now   time.Time
	jobs  []people.Args
	mails []mail.Message
}

type noAudit struct{}

func (noAudit) Record(context.Context, *sql.Tx, string, string, string) error { return nil }

func (s *site) Send(_ context.Context, m mail.Message) error {
	s.mails = append(s.mails, m)
	return nil
}

func (s *site) clock() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }
func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func newSite(t *testing.T, change func(*people.Config)) *site {
	t.Helper()
	s := &site{t: t, log: &bytes.Buffer{}, now: time.Now()}
	box, err := secret.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, secret.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	rt := kit.NewRouter(slog.New(slog.NewJSONHandler(s.log, nil)), layout.Fault, func(string, int, time.Duration) {})
	var identify func(http.ResponseWriter, *http.Request) (kit.Principal, kit.Display, error)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, display, err := identify(w, r)
		env := &kit.Env{Who: who, Display: display, Path: r.URL.Path, Asset: func(n string) string { return "/bestanden/" + n },
			Site: kit.Site{Name: "Ambassadeur", Organisation: "Voorbeeld", Contact: kit.Contact{Department: "communicatie"}}}
		r = r.WithContext(kit.With(r.Context(), env))
		if err != nil {
			rt.Fail(w, r, err)
			return
		}
		http.NewCrossOriginProtection().Handler(rt).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.URL = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	keys, err := passkey.New(s.URL, "Ambassadeur")
	if err != nil {
		t.Fatal(err)
	}
	cfg := people.Config{
		DB: dbtest.Open(t, dbtest.SQLite(t)), Box: box, Audit: noAudit{}, Mail: s, Site: "Ambassadeur", BaseURL: s.URL, Now: s.clock, Passkeys: keys,
		Enqueue:  func(_ context.Context, _ *sql.Tx, a people.Args) error { s.jobs = append(s.jobs, a); return nil },
		OfficeOf: func(f string) string { return map[string]string{"communicatie": people.Communications}[f] },
	}
	if change != nil {
		change(&cfg)
	}
	if s.Service, err = people.New(cfg); err != nil {
		t.Fatal(err)
	}
	d := signinpages.Deps{People: s.Service}
	identify = d.Identify(func(*http.Request) kit.Display { return kit.Display{Lang: i18n.NL} })
	signinpages.Routes(rt, d)
	return s
}

func (s *site) person(name string, a people.Audience, functions ...string) people.Person {
	s.t.Helper()
	p, err := s.Create(context.Background(), "system", people.Person{Name: name, Email: name + "@example.org", Audiences: []people.Audience{a}, Functions: functions})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// work sends the mails that wait and returns the path of the last link.
func (s *site) work() string {
	s.t.Helper()
	for _, j := range s.jobs {
		if a, ok := j.(people.LinkMail); ok {
			if err := s.SendLink(context.Background(), a.RequestID); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.jobs = nil
	if len(s.mails) == 0 {
		return ""
	}
	_, after, _ := strings.Cut(s.mails[len(s.mails)-1].Text, s.URL)
	path, _, _ := strings.Cut(after, "\n")
	return path
}

// browser is one device: it keeps cookies and follows redirects.
type browser struct {
	*http.Client
	s    *site
	last *http.Response
}

func (s *site) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{Client: &http.Client{Jar: jar}, s: s}
}

func (b *browser) get(path string) string {
	b.s.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

// post sends a form as pairs of a name and a value.
func (b *browser) post(path string, pairs ...string) string {
	b.s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) string {
	b.s.t.Helper()
	req, err := http.NewRequest(method, b.s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.s.t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := b.Do(req)
	if err != nil {
		b.s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	b.last = resp
	if strings.Contains(string(body), "⟦") {
		b.s.t.Errorf("%s: a text is missing: %s", path, string(body)[strings.Index(string(body), "⟦"):][:60])
	}
	return string(body)
}

// at is the path of the page that the browser ended on.
func (b *browser) at() string { return b.last.Request.URL.Path }

func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.s.URL)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *browser) signedIn() bool {
	b.s.t.Helper()
	b.get("/mijn")
	return b.at() == "/mijn"
}

func wants(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("page lacks %q:\n%s", p, main(page))
		}
	}
}

// main is the middle of a page, for messages of tests.
func main(page string) string {
	_, after, _ := strings.Cut(page, "<main")
	body, _, _ := strings.Cut(after, "</main>")
	return body
}
