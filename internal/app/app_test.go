package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ambassadeur/internal/config"
)

// open opens a demonstration in a folder of its own.
func open(t *testing.T, change func(*config.Config)) *App {
	t.Helper()
	a, err := tryOpen(t, t.TempDir(), change)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func tryOpen(t *testing.T, folder string, change func(*config.Config)) (*App, error) {
	t.Helper()
	cfg, err := config.Load("", []string{"AMBASSADEUR_DATA=" + folder, "AMBASSADEUR_DEMO=true"})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	return Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
}

// browser is a client with cookies that stays where it is sent.
type browser struct {
	*http.Client
	t    *testing.T
	base string
}

func browse(t *testing.T, a *App) browser {
	t.Helper()
	srv := httptest.NewServer(a.Handler)
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{&http.Client{Jar: jar}, t, srv.URL}
}

func (b browser) get(path string) (int, string) {
	b.t.Helper()
	resp, err := b.Get(b.base + path)
	return b.read(resp, err)
}

func (b browser) post(path string, fields map[string]string) (int, string) {
	b.t.Helper()
	form := make(map[string][]string, len(fields))
	for k, v := range fields {
		form[k] = []string{v}
	}
	resp, err := b.PostForm(b.base+path, form)
	return b.read(resp, err)
}

func (b browser) read(resp *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestVisitorReads(t *testing.T) {
	b := browse(t, open(t, nil))
	for _, path := range []string{"/", "/handboek", "/handboek/tips", "/volg-ons", "/wie-spreekt-namens-ons", "/kaarten", "/handleidingen",
		"/keuzehulp", "/verwijzingen", "/open-einden", "/prikbord", "/medewerkers", "/clienten", "/vrijwilligers", "/aanmelden",
		"/scherm", "/wie-ben-je", "/controle", "/verhaal", "/doorgeven", "/vragen", "/over", "/privacy", "/toegankelijkheid", "/zoeken?q=vrienden"} {
		status, body := b.get(path)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		if path != "/prikbord" && !strings.Contains(body, "Demonstratie") || !strings.Contains(body, "communicatie@example.org") {
			t.Errorf("%s: the band or the contact block is missing", path)
		}
		if strings.Contains(body, "⟦") {
			t.Errorf("%s: a message is missing: %s", path, body[strings.Index(body, "⟦"):][:60])
		}
		if strings.Contains(body, "sgl-zorg.nl") {
			t.Errorf("%s shows a real address in a demonstration", path)
		}
	}
	if status, body := b.get("/bestaat-niet"); status != http.StatusNotFound || !strings.Contains(body, "Deze pagina is er niet") {
		t.Errorf("unknown page: status %d", status)
	}
	if status, body := b.get("/gezond"); status != http.StatusOK || body != "healthy\n" {
		t.Errorf("health: %d %q", status, body)
	}
}

func TestChoiceOfScreenIsRemembered(t *testing.T) {
	b := browse(t, open(t, nil))
	_, body := b.post("/scherm", map[string]string{"size": "groot", "theme": "dark", "calm": "1", "lang": "en", "back": "/handboek"})
	for _, want := range []string{`lang="en"`, `data-size="groot"`, `data-theme="dark"`, "data-calm"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	_, body = b.post("/wie-ben-je", map[string]string{"audience": "client", "back": "/"})
	if strings.Contains(body, "Who are you?") {
		t.Error("the question of the first visit comes again")
	}
}

func TestDemonstrationPersonSignsIn(t *testing.T) {
	a := open(t, nil)
	b := browse(t, a)
	links, err := a.Demonstrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		path := strings.TrimPrefix(l.URL, a.Config.BaseURL)
		if status, _ := b.get(path); status != http.StatusOK {
			t.Fatalf("%s: status %d", l.Description, status)
		}
	}
	// A second start gives links again, for the same persons.
	again, err := a.Demonstrate(t.Context())
	if err != nil || len(again) != len(links) {
		t.Fatalf("second time: %d links, %v", len(again), err)
	}
}

func TestForeignFormIsRefused(t *testing.T) {
	b := browse(t, open(t, nil))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/scherm", strings.NewReader("calm=1"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, body := b.read(b.Do(r))
	if status != http.StatusForbidden || !strings.Contains(body, "kwam van een andere website") {
		t.Errorf("status %d", status)
	}
}

func TestHeadersAllowNothingFromElsewhere(t *testing.T) {
	b := browse(t, open(t, nil))
	resp, err := b.Get(b.base + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	policy := resp.Header.Get("Content-Security-Policy")
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %s: %s", bad, policy)
		}
	}
	for _, name := range []string{"X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"} {
		if resp.Header.Get(name) == "" {
			t.Errorf("header %s is missing", name)
		}
	}
}

func TestSecondStartOpensWhatIsThere(t *testing.T) {
	folder := t.TempDir()
	for i := range 2 {
		a, err := tryOpen(t, folder, nil)
		if err != nil {
			t.Fatalf("start %d: %v", i+1, err)
		}
		editions, err := a.Handbook.List(context.Background())
		if err != nil || len(editions) != 1 {
			t.Errorf("start %d: %d editions, %v", i+1, len(editions), err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	folder := t.TempDir()
	a, err := tryOpen(t, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "ambassadeur.key")); err != nil {
		t.Fatal(err)
	}
	if _, err := tryOpen(t, folder, nil); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("a start without the key: %v", err)
	}
}

func TestDemonstrationAndRealPeopleNeverMix(t *testing.T) {
	folder := t.TempDir()
	a, err := tryOpen(t, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Demonstrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := tryOpen(t, folder, func(c *config.Config) { c.Demo = false }); err == nil || !strings.Contains(err.Error(), "demonstration persons") {
		t.Errorf("a real start on a demonstration: %v", err)
	}
}

func TestUnwritableFolderIsSaidPlainly(t *testing.T) {
	if _, err := tryOpen(t, "/proc/nowhere", nil); err == nil || !strings.Contains(err.Error(), "data folder") {
		t.Errorf("error %v", err)
	}
}

// Somebody who is signed in sees the texts for their own audience, may see
// everything, and gets nobody else's choice.
func TestAPersonChoosesWhoseTextsToSee(t *testing.T) {
	a := open(t, nil)
	if _, err := a.Demonstrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := browse(t, a)
	b.post("/wie-ben-je", map[string]string{"audience": "staff", "back": "/"}) // as a visitor
	link, err := a.People.SignInLink(t.Context(), "ilse-coenen")
	if err != nil {
		t.Fatal(err)
	}
	b.get(strings.TrimPrefix(link, a.Config.BaseURL))
	b.post("/aanmelden/link", nil)

	const page, staffOnly, part, all = "/handboek/tips/voor-medewerkers", `<article class="idea"`, "Je ziet een deel van het handboek.", "Je ziet alles."
	if _, body := b.get(page); !strings.Contains(body, part) || strings.Contains(body, staffOnly) {
		t.Error("a volunteer sees the visitor's choice")
	}
	b.post("/wie-ben-je", map[string]string{"audience": "", "back": "/"})
	if _, body := b.get(page); !strings.Contains(body, all) || !strings.Contains(body, staffOnly) {
		t.Error("everything is not shown to somebody who asks for it")
	}
}
