package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ambassadeur/internal/config"
	"ambassadeur/internal/people"
)

// maxPages bounds what one reader visits, and maxQueries how often one page
// with other questions: a page that makes ever new links ends the test.
const (
	maxPages   = 400
	maxQueries = 5
)

// TestEveryLinkLeadsToAPage walks as a visitor and as every demonstration
// person, from the start page along every link. Every page stands, says
// everything, and says nothing of anybody that is not for the reader.
func TestEveryLinkLeadsToAPage(t *testing.T) {
	var log buffer
	cfg, err := config.Load("", []string{"AMBASSADEUR_DATA=" + t.TempDir(), "AMBASSADEUR_DEMO=true"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), cfg, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	w := newCrawl(t, a)

	visitor := w.reader(people.Person{})
	visitor.walk(t)
	visitor.notFound(t)
	if len(visitor.pages) < 50 {
		t.Errorf("a visitor reached %d pages", len(visitor.pages))
	}
	for _, p := range w.persons {
		t.Run(p.ID, func(t *testing.T) {
			r := w.reader(p)
			r.signIn(t)
			r.walk(t)
			for _, path := range []string{"/mijn", "/mijn/apparaten"} {
				if r.pages[path] == nil {
					t.Errorf("%s is not to be reached", path)
				}
			}
			if reached := r.pages["/werk/edities"] != nil; reached != p.Officer() {
				t.Errorf("the work of officers is reached: %v", reached)
			}
			if p.In(people.Client) {
				r.saysNotThatAClientReads(t, visitor)
			}
		})
	}
	w.logSaysNothing(t, log.String())
}

// crawl is what the readers have in common.
type crawl struct {
	app     *App
	persons []people.Person
	secrets []string // tokens of links; nothing may show them
	files   map[string]bool
}

func newCrawl(t *testing.T, a *App) *crawl {
	t.Helper()
	links, err := a.Demonstrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &crawl{app: a, files: map[string]bool{}}
	for _, l := range links {
		p, err := a.People.Get(t.Context(), l.Description)
		if err != nil {
			t.Fatal(err)
		}
		w.persons = append(w.persons, p)
	}
	return w
}

// reader is somebody with a browser: a visitor when the person has no id.
type reader struct {
	*crawl
	client *http.Client
	person people.Person
	pages  map[string]*html.Node // by path and query
}

func (w *crawl) reader(p people.Person) *reader {
	jar, _ := cookiejar.New(nil) // never an error without options
	return &reader{crawl: w, person: p, pages: map[string]*html.Node{},
		client: &http.Client{Jar: jar, Transport: direct{w.app.Handler, fmt.Sprintf("192.0.2.%d:4711", 1+slices.IndexFunc(w.persons, func(o people.Person) bool { return o.ID == p.ID }))}}}
}

// signIn takes the person's link and presses the button of its page.
func (r *reader) signIn(t *testing.T) {
	t.Helper()
	link, err := r.app.People.SignInLink(t.Context(), r.person.ID)
	if err != nil {
		t.Fatal(err)
	}
	r.secrets = append(r.secrets, link[strings.LastIndex(link, "/")+1:])
	if resp, body := r.get(t, link); resp.StatusCode != http.StatusOK || !strings.Contains(body, `action="/aanmelden/link"`) {
		t.Fatalf("the link: status %d", resp.StatusCode)
	}
	resp, err := r.client.PostForm(r.app.Config.BaseURL+"/aanmelden/link", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	base, _ := url.Parse(r.app.Config.BaseURL)
	for _, c := range r.client.Jar.Cookies(base) {
		if len(c.Value) > 20 {
			r.secrets = append(r.secrets, c.Value)
		}
	}
	if resp.StatusCode != http.StatusOK || len(r.client.Jar.Cookies(base)) == 0 {
		t.Fatalf("signing in: status %d", resp.StatusCode)
	}
}

func (r *reader) get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	resp, err := r.client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// step is a link, and the page that it stands on.
type step struct{ from, to string }

// walk follows every link, and looks at every page once.
func (r *reader) walk(t *testing.T) {
	t.Helper()
	todo := []step{{"", "/"}, {"a notice", "/handboek/veranderd"}}
	if r.person.Officer() {
		todo = append(todo, step{"a notice", "/werk"})
	}
	var anchors []step
	queries := map[string]int{}
	for len(todo) > 0 && len(r.pages) < maxPages {
		s := todo[0]
		todo = todo[1:]
		path, anchor, _ := strings.Cut(s.to, "#")
		if anchor != "" {
			anchors = append(anchors, step{s.from, path + "#" + anchor})
		}
		if _, seen := r.pages[path]; seen {
			continue
		}
		if bare, query, _ := strings.Cut(path, "?"); query != "" {
			if queries[bare]++; queries[bare] > maxQueries {
				continue
			}
		}
		resp, body := r.get(t, r.app.Config.BaseURL+path)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s leads to %s: status %d", s.from, path, resp.StatusCode)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			r.pages[path] = &html.Node{} // a file to keep
			continue
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.pages[path] = doc
		r.look(t, path, body, doc)
		for _, href := range r.links(t, path, doc) {
			todo = append(todo, step{path, href})
		}
	}
	if len(r.pages) == maxPages {
		t.Errorf("more than %d pages", maxPages)
	}
	for _, s := range anchors {
		path, anchor, _ := strings.Cut(s.to, "#")
		if doc := r.pages[path]; doc != nil && !hasID(doc, anchor) {
			t.Errorf("%s leads to %s: nothing has that id", s.from, s.to)
		}
	}
}

// notFound: the page for an address that is not there is a page too.
func (r *reader) notFound(t *testing.T) {
	t.Helper()
	if resp, body := r.get(t, r.app.Config.BaseURL+"/bestaat-niet"); resp.StatusCode != http.StatusNotFound || strings.Contains(body, "⟦") {
		t.Errorf("an unknown page: status %d", resp.StatusCode)
	}
}

// links are the addresses of the product on a page. Files are fetched once.
func (r *reader) links(t *testing.T, path string, doc *html.Node) []string {
	t.Helper()
	var out []string
	for n := range doc.Descendants() {
		href := attribute(n, "href")
		if n.Data == "script" || n.Data == "img" {
			href = attribute(n, "src")
		}
		switch {
		case strings.HasPrefix(href, "#"):
			out = append(out, path+href)
		case n.Data == "a" && strings.HasPrefix(href, "/"):
			out = append(out, href)
		case strings.HasPrefix(href, "/") && !r.files[href]:
			r.files[href] = true
			if resp, _ := r.get(t, r.app.Config.BaseURL+href); resp.StatusCode != http.StatusOK {
				t.Errorf("%s loads %s: status %d", path, href, resp.StatusCode)
			}
		}
	}
	return out
}

// client is the word that marks somebody, in both languages.
var client = regexp.MustCompile(`(?i)cli[eë]nt`)

// look reads one page.
func (r *reader) look(t *testing.T, path, body string, doc *html.Node) {
	t.Helper()
	if i := strings.Index(body, "⟦"); i >= 0 {
		t.Errorf("%s: a message is missing: %.60s", path, body[i:])
	}
	for _, secret := range r.secrets {
		if strings.Contains(body, secret) {
			t.Errorf("%s shows a token", path)
		}
	}
	for _, p := range r.persons {
		own := p.ID == r.person.ID && strings.HasPrefix(path, "/mijn")
		managed := r.person.Is(people.Administrator) && strings.HasPrefix(path, "/werk/mensen/")
		if p.Email != "" && strings.Contains(body, p.Email) && !own && !managed {
			t.Errorf("%s shows the address of %s", path, p.ID)
		}
	}
	for n := range doc.Descendants() {
		if !isBlock(n) {
			continue
		}
		said := saidIn(n)
		if !client.MatchString(said) {
			continue
		}
		for _, p := range r.persons {
			if strings.Contains(said, p.Name) {
				t.Errorf("%s: a name beside the word client: %.80s", path, said)
			}
		}
	}
}

// saysNotThatAClientReads compares the pages of a client with those of a
// visitor: the handbook speaks of clients to everybody, and to a client no
// page speaks of them in other words.
func (r *reader) saysNotThatAClientReads(t *testing.T, visitor *reader) {
	t.Helper()
	known := map[string]bool{}
	for _, doc := range visitor.pages {
		for _, said := range linesIn(doc) {
			known[said] = true
		}
	}
	for path, doc := range r.pages {
		if strings.HasPrefix(path, "/mijn") {
			continue
		}
		for _, said := range linesIn(doc) {
			if client.MatchString(said) && !known[said] {
				t.Errorf("%s says to a client what nobody else reads: %s", path, said)
			}
		}
	}
}

// linesIn are the pieces of text of a page, one by one.
func linesIn(doc *html.Node) []string {
	var out []string
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			out = append(out, strings.Join(strings.Fields(n.Data), " "))
		}
		for _, key := range []string{"alt", "aria-label", "title", "value", "class"} {
			out = append(out, attribute(n, key))
		}
	}
	return out
}

// logSaysNothing reads every line that was logged on the way.
func (w *crawl) logSaysNothing(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		for _, secret := range w.secrets {
			if strings.Contains(line, secret) {
				t.Errorf("a token is logged: %s", line)
			}
		}
		for _, p := range w.persons {
			if p.Email != "" && strings.Contains(line, p.Email) || strings.Contains(line, p.Name) {
				t.Errorf("a person is logged: %s", line)
			}
			if strings.Contains(line, p.ID) && client.MatchString(line) {
				t.Errorf("a person is logged beside the word client: %s", line)
			}
		}
	}
}
