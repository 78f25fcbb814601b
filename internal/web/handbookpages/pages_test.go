package handbookpages_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

// addresses are all pages of the area that can be asked for with GET.
func addresses(x *handbook.Index) []string {
	out := []string{
		"/handboek", "/handboek/afdrukken", "/handboek/gelezen", "/handboek/veranderd", "/wie-spreekt-namens-ons", "/volg-ons", "/kaarten",
		"/handleidingen", "/keuzehulp", "/verwijzingen", "/open-einden", "/zoeken", "/zoeken?q=foto", "/zoeken?q=zzqx", "/prikbord",
	}
	c := x.Content()
	out = append(out, chapterPaths(x)...)
	for _, g := range c.Guides {
		out = append(out, "/handleidingen/"+g.ID)
	}
	for _, l := range c.Checklists {
		out = append(out, "/open-profiel/"+l.ID)
	}
	for _, h := range c.Helpers {
		out = append(out, "/keuzehulp/"+h.ID)
	}
	return out
}

// everyPage runs a check on every page, in both languages.
func everyPage(t *testing.T, check func(t *testing.T, w *world, path string, p page)) {
	for _, lang := range i18n.Langs() {
		w := newWorld(t).in(lang)
		for _, path := range addresses(w.index) {
			t.Run(string(lang)+path, func(t *testing.T) {
				w := newWorld(t).in(lang)
				check(t, w, path, w.get(path))
			})
		}
	}
}

func TestEveryPageStands(t *testing.T) {
	everyPage(t, func(t *testing.T, w *world, path string, p page) {
		if p.code != http.StatusOK {
			t.Fatalf("status %d", p.code)
		}
		if p.h1() == "" {
			t.Error("not exactly one h1 with words")
		}
		title := words(p.tags("title")[0])
		if h := p.h1(); !strings.Contains(title, h) {
			t.Errorf("title %q does not say %q", title, h)
		}
		seen := map[string]bool{}
		for _, n := range p.all(func(n *html.Node) bool { return attr(n, "id") != "" }) {
			id := attr(n, "id")
			if seen[id] {
				t.Errorf("id %q stands twice", id)
			}
			seen[id] = true
		}
		for _, n := range p.all(func(n *html.Node) bool { return attr(n, "style") != "" || attr(n, "placeholder") != "" }) {
			t.Errorf("%s has style or placeholder", n.Data)
		}
		headingOrder(t, p)
	})
}

// headingOrder fails when a heading skips a level.
func headingOrder(t *testing.T, p page) {
	t.Helper()
	last := 0
	main := page{doc: p.byID("inhoud")} // the panel before it has a heading of its own
	for _, n := range main.all(func(n *html.Node) bool { return regexp.MustCompile(`^h[1-6]$`).MatchString(n.Data) }) {
		level := int(n.Data[1] - '0')
		if level > last+1 {
			t.Errorf("%s %q follows h%d", n.Data, words(n), last)
		}
		last = level
	}
}

var prohibition = regexp.MustCompile(`(?i)mag niet|mogen niet|niet toegestaan|verboden|\bnooit\b|must not|may not|not allowed|forbidden|\bnever\b`)

// A page invites: its heading and its first words forbid nothing.
func TestNoPageOpensWithAProhibition(t *testing.T) {
	everyPage(t, func(t *testing.T, w *world, path string, p page) {
		opening := []string{p.h1()}
		for _, n := range p.all(func(n *html.Node) bool { return slices.Contains(strings.Fields(attr(n, "class")), "lead") }) {
			opening = append(opening, words(n))
		}
		main := p.byID("inhoud")
		for n := range main.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "h2" || n.Data == "h3" || n.Data == "p") {
				opening = append(opening, words(n))
				if len(opening) > 6 {
					break
				}
			}
		}
		for _, s := range opening {
			if bad := prohibition.FindString(s); bad != "" {
				t.Errorf("opens with %q in %q", bad, s)
			}
		}
	})
}

// Help stands on every page, at the end of it; sheets of paper have the
// contact block.
func TestHelpIsOnEveryPage(t *testing.T) {
	everyPage(t, func(t *testing.T, w *world, path string, p page) {
		paper := path == "/prikbord" || path == "/handboek/afdrukken"
		if p.byID("help") == nil && !paper {
			t.Error("no help on the page")
		}
	})
}

// ours says whether an address is of this area. Other addresses are tested
// with the whole product.
func ours(path string) bool {
	for _, prefix := range []string{"/handboek", "/wie-spreekt-namens-ons", "/volg-ons", "/kaarten", "/handleidingen", "/open-profiel", "/keuzehulp", "/verwijzingen", "/open-einden", "/zoeken", "/prikbord"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/' || rest[0] == '?') {
			return true
		}
	}
	return false
}

// Every link inside the area leads to a page that stands and to an anchor that
// is on it.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			w := newWorld(t).in(lang)
			known := map[string]page{}
			open := func(path string) page {
				if _, ok := known[path]; !ok {
					known[path] = w.get(path)
				}
				return known[path]
			}
			for _, path := range addresses(w.index) {
				p := open(path)
				for _, a := range p.tags("a") {
					checkLink(t, path, attr(a, "href"), open)
				}
				for _, f := range p.tags("form") {
					checkLink(t, path, attr(f, "action"), open)
				}
			}
			if len(known) < 36 {
				t.Errorf("only %d pages were visited", len(known))
			}
		})
	}
}

func checkLink(t *testing.T, from, href string, open func(string) page) {
	t.Helper()
	path, anchor, _ := strings.Cut(href, "#")
	if path == "" {
		path = from
	}
	if !ours(path) {
		return
	}
	p := open(path)
	if p.code != http.StatusOK {
		t.Errorf("%s leads to %s: status %d", from, href, p.code)
	}
	if anchor != "" && p.byID(anchor) == nil {
		t.Errorf("%s leads to %s: no such anchor", from, href)
	}
}

// TestEveryItemIsShown shows, item by item, that each piece that carries a
// policy item stands at its address with its title, in both languages.
func TestEveryItemIsShown(t *testing.T) {
	x := indexOf(t, "sgl")
	views := map[i18n.Lang]map[string]page{}
	for _, lang := range i18n.Langs() {
		views[lang] = map[string]page{}
	}
	for _, item := range x.PolicyItems() {
		pieces := x.ByItem(item.ID)
		if len(pieces) == 0 {
			continue // the coverage table lists items that no piece carries
		}
		t.Run(item.ID, func(t *testing.T) {
			for _, lang := range i18n.Langs() {
				w := newWorld(t).in(lang)
				for _, piece := range pieces {
					pieceIsShown(t, w, views[lang], piece, lang)
				}
			}
		})
	}
}

func pieceIsShown(t *testing.T, w *world, seen map[string]page, piece handbook.Piece, lang i18n.Lang) {
	t.Helper()
	path, anchor, _ := strings.Cut(piece.URL, "#")
	if !ours(path) {
		return // the pages of another area show it
	}
	if _, ok := seen[path]; !ok {
		seen[path] = w.get(path)
	}
	p := seen[path]
	if p.code != http.StatusOK {
		t.Fatalf("%s: %s: status %d", piece.Link, path, p.code)
	}
	title := handbook.Plain(piece.Title.In(lang))
	where := p.doc
	if anchor != "" {
		if where = p.byID(anchor); where == nil {
			t.Fatalf("%s: no anchor %q on %s", piece.Link, anchor, path)
		}
	}
	if !strings.Contains(words(where), title) {
		t.Errorf("%s (%s): %q is not at %s", piece.Link, lang, title, piece.URL)
	}
}

// Every page of the book is small enough for a slow phone.
func TestChapterSize(t *testing.T) {
	const limit = 30_000
	w := newWorld(t)
	w.env.Who.PersonID, w.env.Who.Name = "person-1", "Marieke"
	for _, path := range chapterPaths(w.index) {
		got := len(w.get(path).body)
		t.Logf("%s: %d bytes", path, got)
		if got > limit {
			t.Errorf("%s: %d bytes, limit %d; give its longest section a page of its own", path, got, limit)
		}
	}
}

// chapterPaths are the addresses of all chapters and of the sections with a
// page of their own.
func chapterPaths(x *handbook.Index) []string {
	var out []string
	for _, ch := range x.Content().Chapters {
		out = append(out, "/handboek/"+ch.ID)
		for _, s := range ch.Sections {
			if s.OwnPage {
				out = append(out, handbook.SectionPath(ch.ID, s.ID))
			}
		}
	}
	return out
}
