package handbookpages_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

func TestUnknownPieces(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/handboek/onbekend", "/handboek/tips/onbekend", "/handboek/waarom/doelen", "/handleidingen/onbekend", "/open-profiel/onbekend"} {
		if p := w.get(path); p.code != http.StatusNotFound || !p.has("Dit stuk hebben we niet gevonden") {
			t.Errorf("%s: status %d", path, p.code)
		}
	}
}

// The choice of audience filters the cards, is said in words, and can be
// undone; nothing disappears without its title.
func TestAudience(t *testing.T) {
	for _, a := range handbook.Audiences() {
		t.Run(string(a), func(t *testing.T) {
			w := newWorld(t)
			var some page
			ch, _ := w.index.Chapter("tips")
			for _, s := range ch.Sections {
				path := handbook.SectionPath(ch.ID, s.ID)
				w.env.Display.Audience = ""
				if all := w.get(path); !all.has("Je ziet alles.") {
					t.Error("the page does not say that it shows everything")
				}
				w.env.Display.Audience = string(a)
				some = w.get(path)
				for _, i := range s.Ideas {
					ideaFor(t, some, i, a)
				}
			}
			undo := some.all(func(n *html.Node) bool {
				return n.Data == "button" && attr(n, "name") == "audience" && attr(n, "value") == ""
			})
			if len(undo) != 1 {
				t.Error("no button that shows everything")
			}
			for _, f := range some.all(func(n *html.Node) bool { return attr(n, "action") == "/wie-ben-je" }) {
				if attr(f, "method") != "post" {
					t.Error("the audience would stand in an address")
				}
			}
		})
	}
}

func ideaFor(t *testing.T, p page, i handbook.Idea, a handbook.Audience) {
	t.Helper()
	n := p.byID(i.ID)
	if n == nil {
		t.Fatalf("%s: its anchor is gone", i.ID)
	}
	if card := n.Data == "article"; card != handbook.Has(i.Audience, a) {
		t.Errorf("%s for %v: shown as a card: %v", i.ID, i.Audience, card)
	}
	if !strings.Contains(words(n), i.Title.NL) {
		t.Errorf("%s: its title is gone", i.ID)
	}
}

// Bodies are kept for reading again: what one reader gets must not reach
// another, and another handbook must not show the old one.
func TestBodiesAreKeptApart(t *testing.T) {
	w := newWorld(t)
	w.env.Who = kit.Principal{PersonID: "p1", Name: "Zwaluwstaart"}
	first := w.get("/handboek/tips").body
	w.env.Who = kit.Principal{}
	w.env.Display.Audience = "client"
	client := w.get("/handboek/tips").body
	w.env.Display = kit.Display{Lang: i18n.EN}
	english := w.get("/handboek/tips")
	w.env.Display = kit.Display{Lang: i18n.NL}
	second := w.get("/handboek/tips").body
	if strings.Contains(second, "Zwaluwstaart") {
		t.Error("the name of another reader is in the page")
	}
	if client == second || !english.has("You see everything.") {
		t.Error("audiences or languages are mixed")
	}
	if !strings.Contains(first, "Je ziet alles.") {
		t.Error("the first page is not complete")
	}

	w.get("/handboek/contact")
	w.index = indexOf(t, "demo")
	if p := w.get("/handboek/contact"); !p.has("communicatie@example.org") {
		t.Error("the tables of the other handbook are not shown")
	}
}

func TestProposalSaysSo(t *testing.T) {
	w := newWorld(t)
	paths := []string{"/handboek", "/handboek/waarom", "/handboek/afdrukken", "/handboek/gelezen"}
	for _, path := range paths {
		if w.get(path).has("Dit is nog een voorstel") {
			t.Errorf("%s: an edition in force is called a proposal", path)
		}
	}
	w.edition.State = handbook.Consultation
	for _, path := range paths {
		if !w.get(path).has("Dit is nog een voorstel") {
			t.Errorf("%s does not say that it is a proposal", path)
		}
	}
	if p := w.get("/handboek"); p.has("Geldt sinds") {
		t.Error("a proposal does not hold since a day")
	}
}

func TestEditionIsNamed(t *testing.T) {
	p := newWorld(t).get("/handboek")
	for _, want := range []string{"Editie 1.", "Geldt sinds 23 november 2026.", "Kenmerk: " + indexOf(t, "sgl").Hash()[:8] + "."} {
		if !p.has(want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestOfficers(t *testing.T) {
	w := newWorld(t)
	p := w.get("/wie-spreekt-namens-ons")
	for _, want := range []string{"Functionaris/afd.", "Alle corporate accounts", "Twitter, LinkedIn, blog*", "Twitter, Facebook, LinkedIn", "Locatiepagina Facebook**",
		"*nog niet definitief", "**facultatief, na intake communicatie", "Zo was het op 24 november 2026."} {
		if !p.has(want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, f := range w.index.Projection().Officers.Functions {
		if f.Hidden == p.has(f.Label.NL) {
			t.Errorf("%s: hidden is %v", f.ID, f.Hidden)
		}
	}

	// A note that no cell carries is not printed.
	over := *w.index.Projection()
	copied, err := json.Marshal(over.Officers)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(copied), `"footnote":"*"`, `"footnote":""`)), &over.Officers); err != nil {
		t.Fatal(err)
	}
	if w.index, err = handbook.Compile(w.index.Content(), &over); err != nil {
		t.Fatal(err)
	}
	if p := w.get("/wie-spreekt-namens-ons"); p.has("*nog niet definitief") || !p.has("**facultatief") {
		t.Error("notes do not follow the cells")
	}
}

func TestFollowNeedsNobody(t *testing.T) {
	w := newWorld(t)
	w.index = indexOf(t, "demo")
	p := w.get("/volg-ons")
	for _, c := range w.index.Projection().Channels.Channels {
		if !p.has(c.Name) || c.URL != "" && !links(p, c.URL) {
			t.Errorf("channel %s is not shown with its address", c.ID)
		}
	}
	if qr := p.all(func(n *html.Node) bool { return n.Data == "svg" && attr(n, "role") == "img" }); len(qr) == 0 {
		t.Error("no QR code")
	}
	w.index = indexOf(t, "sgl")
	if p := w.get("/volg-ons"); !p.has("Zoek op") {
		t.Error("a channel without an address does not say how to find it")
	}
}

func TestCards(t *testing.T) {
	w := newWorld(t)
	p := w.get("/kaarten")
	if !p.has("Dit is een voorstel") {
		t.Error("the cards do not say that they are a proposal")
	}
	first := p.body
	if strings.Index(first, `id="doen"`) > strings.Index(first, `id="liever-niet"`) {
		t.Error("what you can do does not come first")
	}
	for _, c := range w.index.Content().Cards.Cards {
		n := p.byID(c.ID)
		if n == nil {
			t.Fatalf("card %s is missing", c.ID)
		}
		for _, text := range []handbook.Text{c.Sentence, c.Example, c.Why} {
			if want := strings.Join(strings.Fields(handbook.Plain(text.NL)), " "); !strings.Contains(words(n), want) {
				t.Errorf("card %s does not say %q", c.ID, want)
			}
		}
	}
}

func TestGuides(t *testing.T) {
	w := newWorld(t)
	p := w.get("/handleidingen")
	for _, g := range w.index.Content().Guides {
		if !links(p, "/handleidingen/"+g.ID) {
			t.Errorf("no link to guide %s", g.ID)
		}
		one := w.get("/handleidingen/" + g.ID)
		for _, s := range g.Steps {
			if !one.has(handbook.Plain(s.Text.NL)) {
				t.Errorf("guide %s does not show %q", g.ID, s.Text.NL)
			}
		}
		if !one.has(g.Owner.NL) || !one.has("24 november 2026") {
			t.Errorf("guide %s does not say whose it is and when it was looked at", g.ID)
		}
	}
	if !p.has("Ik heb nog geen account") || !p.has("Hoe werkt het?") {
		t.Error("the entry question is missing")
	}
}

func TestSearch(t *testing.T) {
	w := newWorld(t)
	if p := w.get("/zoeken?q=" + url.QueryEscape("foto")); len(p.tags("mark")) == 0 {
		t.Error("no word is marked")
	}
	one, many := w.get("/zoeken?q=vriend"), w.get("/zoeken?q=vrienden")
	if len(one.tags("mark")) == 0 || len(many.tags("mark")) == 0 {
		t.Error("word forms are not found")
	}
	p := w.get("/zoeken?q=" + url.QueryEscape(`<script>alert("x")</script>`))
	if strings.Contains(p.body, "<script>alert") {
		t.Error("the query is in the page as markup")
	}
	if p := w.get("/zoeken?q=zzqx"); !p.has("Probeer een ander woord") || !links(p, "/vragen") {
		t.Error("nothing found, and no way on")
	}
	if p := w.get("/zoeken?q=" + url.QueryEscape(strings.Repeat("é", 5000)+"\xff")); p.code != http.StatusOK || len(p.body) > 40_000 {
		t.Errorf("a very long query: status %d, %d bytes", p.code, len(p.body))
	}
	if p := w.get("/zoeken?q=+"); p.code != http.StatusOK || p.has("We vonden niets") {
		t.Error("an empty query finds nothing and says nothing")
	}
}

func TestNoticeboard(t *testing.T) {
	p := newWorld(t).get("/prikbord")
	for _, want := range []string{"Doe je mee?", "Volg ons", "SGLzorg", "https://ambassadeur.example.org"} {
		if !p.has(want) {
			t.Errorf("the sheet does not say %q", want)
		}
	}
}

func TestPrintHasEveryIdea(t *testing.T) {
	w := newWorld(t)
	p := w.get("/handboek/afdrukken")
	for _, ch := range w.index.Content().Chapters {
		for _, s := range ch.Sections {
			for _, i := range s.Ideas {
				if !p.has(i.Title.NL) || !p.has(handbook.Plain(i.Text.NL)) {
					t.Errorf("%s/%s is not on paper", ch.ID, i.ID)
				}
			}
		}
	}
}

func TestReadAndConfirm(t *testing.T) {
	w := newWorld(t)
	hash := w.index.Hash()

	if p := w.get("/handboek/gelezen"); !links(p, "/aanmelden") || !p.has("Je hoeft dit niet te zeggen") {
		t.Error("a visitor is not told how, and that it need not")
	}
	if p := w.post("/handboek/gelezen", url.Values{"hash": {hash}}); p.code != http.StatusSeeOther || p.header.Get("Location") != "/aanmelden" {
		t.Errorf("a visitor confirms: status %d", p.code)
	}

	w.env.Who = kit.Principal{PersonID: "p1", Name: "Marieke", Audiences: []string{"client"}}
	p := w.get("/handboek/gelezen")
	if !p.has("Je hoeft dit niet te zeggen") || !links(p, "/vragen") {
		t.Error("the page does not say that it need not, or how to ask")
	}
	if p := w.post("/handboek/gelezen", url.Values{"hash": {"another"}}); p.code != http.StatusConflict {
		t.Errorf("another edition: status %d", p.code)
	}
	w.edition.State = handbook.Draft
	if p := w.post("/handboek/gelezen", url.Values{"hash": {hash}}); p.code != http.StatusConflict {
		t.Errorf("a draft: status %d", p.code)
	}
	w.edition.State = handbook.InForce
	if p := w.post("/handboek/gelezen", url.Values{"hash": {hash}}); p.code != http.StatusSeeOther {
		t.Errorf("confirm: status %d", p.code)
	}
	if got := w.readings.known["p1"]; got.Hash != hash || got.EditionID != "edition-1" {
		t.Errorf("recorded %+v", got)
	}
	if p := w.get("/handboek/gelezen"); !p.has("Fijn dat je het hebt gelezen") || !p.has("23 november 2026") {
		t.Error("the page does not say that it is recorded")
	}
}

// Whether the reader is a client shows nowhere in the page.
func TestClientLooksLikeAnybody(t *testing.T) {
	w := newWorld(t)
	for _, path := range addresses(w.index) {
		w.env.Who = kit.Principal{PersonID: "p1", Name: "Marieke", Audiences: []string{"client"}}
		one := w.get(path).body
		w.env.Who.Audiences = []string{"staff"}
		if w.get(path).body != one {
			t.Errorf("%s differs for a client", path)
		}
	}
}
