package handbookpages_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

// newer makes the edition of the world the second one, which changed a tip for
// staff only, the text of a topic for everybody, and took a card away.
func newer(t *testing.T, w *world) (staffOnly, everybody handbook.Piece) {
	t.Helper()
	for _, p := range w.index.Pieces() {
		if p.Kind != handbook.KindIdea {
			continue
		}
		if len(p.Audience) == 1 && p.Audience[0] == handbook.Staff && staffOnly.ID == "" {
			staffOnly = p
		}
		if len(p.Audience) == 3 && everybody.ID == "" {
			everybody = p
		}
	}
	card := handbook.Text{NL: "Een kaart van toen", EN: "A card of then"}
	w.edition.Number, w.edition.Supersedes = 2, "edition-0"
	w.changes = []handbook.Change{
		{What: handbook.Added, Of: "idea", Link: staffOnly.Link, Title: staffOnly.Title, Audience: staffOnly.Audience},
		{What: handbook.Changed, Of: "idea", Link: everybody.Link, Title: everybody.Title, Audience: everybody.Audience, Aspects: []string{"text"},
			Details: []handbook.Detail{{Aspect: "text", Old: handbook.Text{NL: "Zo was **het**."}, New: handbook.Text{NL: "Zo is het."}}}},
		{What: handbook.Stronger, Of: "card", Link: handbook.LinkTo(handbook.KindPage, "cards"), Title: card, From: handbook.Tip, To: handbook.Discouraged, Audience: handbook.Audiences()},
		{What: handbook.Removed, Of: "chapter", Link: "chapter:gone", Title: handbook.Text{NL: "Een oud stuk", EN: "An old piece"}, Audience: handbook.Audiences()},
	}
	return staffOnly, everybody
}

func folded(p page, words string) bool {
	for _, d := range p.tags("details") {
		if strings.Contains(page{doc: d}.text(), words) {
			return true
		}
	}
	return false
}

func (p page) text() string { return words(p.doc) }

func TestChangesAreSaidInWordsWithLinks(t *testing.T) {
	w := newWorld(t)
	staffOnly, everybody := newer(t, w)
	p := w.get("/handboek/veranderd")
	for _, want := range []string{"Wat is er veranderd?", "Editie 2.", "Geldt sinds 23 november 2026.", "Nieuw: onderwerp ‘" + staffOnly.Title.NL + "’.",
		"Dit is anders: de tekst.", "‘Een kaart van toen’ was: tip. Nu is het: raden we af.", "Weg: hoofdstuk ‘Een oud stuk’.", "Zo was het.", "Zo is het."} {
		if !p.has(want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, piece := range []handbook.Piece{staffOnly, everybody} {
		if !links(p, piece.URL) {
			t.Errorf("no link to %s", piece.URL)
		}
	}
	if strings.Contains(p.body, "/handboek/gone") {
		t.Error("a link to what is gone")
	}
	rules, added, gone := p.byID("deel-rules"), p.byID("deel-added"), p.byID("deel-removed")
	if rules == nil || added == nil || gone == nil {
		t.Fatal("the changes are not grouped")
	}
	if strings.Index(p.body, `id="deel-rules"`) > strings.Index(p.body, `id="deel-added"`) {
		t.Error("what somebody may do does not come first")
	}
	headingOrder(t, p)
}

func TestChangesForOthersAreFolded(t *testing.T) {
	w := newWorld(t)
	staffOnly, everybody := newer(t, w)
	w.env.Display.Audience = "client"
	p := w.get("/handboek/veranderd")
	if !folded(p, "Toon nog 1 verandering voor anderen") || !folded(p, staffOnly.Title.NL) || folded(p, "‘"+everybody.Title.NL+"’. Dit is anders") {
		t.Error("what is for others is not apart from what is for the reader")
	}
	w.changes = w.changes[:1]
	w.edition.Hash = "another"
	if p = w.get("/handboek/veranderd"); !p.has("Voor jou is er niets veranderd") || !folded(p, staffOnly.Title.NL) {
		t.Error("a reader for whom nothing changed is not told so")
	}
	undo := p.all(func(n *html.Node) bool {
		return n.Data == "button" && attr(n, "name") == "audience" && attr(n, "value") == ""
	})
	if len(undo) != 1 {
		t.Error("no button that shows everything")
	}
}

func TestNothingChanged(t *testing.T) {
	for lang, want := range map[i18n.Lang][2]string{
		i18n.NL: {"Dit is de eerste editie", "Er is niets veranderd"},
		i18n.EN: {"This is the first edition", "Nothing has changed"},
	} {
		w := newWorld(t).in(lang)
		if p := w.get("/handboek/veranderd"); p.code != http.StatusOK || !p.has(want[0]) {
			t.Errorf("%s: status %d, the first edition does not say so", lang, p.code)
		}
		w.edition.Supersedes = "edition-0"
		if p := w.get("/handboek/veranderd"); !p.has(want[1]) || p.has(want[0]) {
			t.Errorf("%s: an edition without changes does not say so", lang)
		}
	}
}

// What changed is looked up once for a text; a mistake is not kept.
func TestChangesAreLookedUpOnce(t *testing.T) {
	w := newWorld(t)
	newer(t, w)
	w.changesErr = errors.New("the database is away")
	if p := w.get("/handboek/veranderd"); p.code != http.StatusInternalServerError {
		t.Errorf("status %d", p.code)
	}
	w.changesErr = nil
	for range 3 {
		if p := w.get("/handboek/veranderd"); p.code != http.StatusOK {
			t.Errorf("status %d", p.code)
		}
	}
	if w.asked != 2 {
		t.Errorf("looked up %d times", w.asked)
	}
}

// changesOf is what the pages ask for.
func (w *world) changesOf(_ context.Context, edition string) ([]handbook.Change, error) {
	w.asked++
	if edition != w.edition.ID {
		w.t.Errorf("asked for edition %q", edition)
	}
	return w.changes, w.changesErr
}

func TestReadBefore(t *testing.T) {
	w := newWorld(t)
	w.env.Who.PersonID, w.env.Who.Name = "p1", "Marieke"
	w.readings.known["p1"] = handbook.Acknowledgement{PersonID: "p1", State: handbook.NotInvited, Before: since}
	p := w.get("/handboek/gelezen")
	if !p.has("Je hebt dit handboek al eerder gelezen") || !p.has("23 november 2026") || !links(p, "/handboek/veranderd") {
		t.Error("the page does not say that the earlier reading counts")
	}
	for _, f := range p.tags("form") {
		if attr(f, "action") == "/handboek/gelezen" {
			t.Error("a button that is of no use")
		}
	}
	// The button of a page that was open since before.
	if p := w.post("/handboek/gelezen", map[string][]string{"hash": {w.index.Hash()}}); p.code != http.StatusSeeOther {
		t.Errorf("status %d", p.code)
	}
	if got := w.readings.known["p1"]; got.State != handbook.NotInvited {
		t.Errorf("recorded %+v", got)
	}
}
