package handbook_test

import (
	"io/fs"
	"regexp"
	"sort"
	"strings"
	"testing"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/text"
)

func sgl(t testing.TB) fs.FS {
	t.Helper()
	sub, err := fs.Sub(handbooks.FS, "sgl")
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// TestHandbookIsWhole loads the handbook that comes with the program: every
// policy item is carried by some piece, and there is one prohibition.
func TestHandbookIsWhole(t *testing.T) {
	c, p := load(t, sgl(t))
	x, err := handbook.Compile(c, p)
	must(t, err)
	if missing := x.Missing(); len(missing) > 0 {
		t.Errorf("no piece carries %s", strings.Join(missing, ", "))
	}
	if n := len(c.PolicyItems); n != 182 {
		t.Errorf("%d items, the source has 150 and 32 parts", n)
	}
	if len(c.Chapters) != 8 {
		t.Errorf("%d chapters", len(c.Chapters))
	}
	for _, i := range prohibitions(x) {
		if !strings.Contains(strings.Join(i.Items, " "), "S-140") {
			t.Errorf("%s is not allowed; the policy forbids one thing only, S-140", i.Link)
		}
	}
}

func prohibitions(x *handbook.Index) []handbook.Piece {
	var out []handbook.Piece
	for _, p := range x.Pieces() {
		if p.Strength == handbook.NotAllowed {
			out = append(out, p)
		}
	}
	return out
}

// TestDemonstration lays the demonstration over the handbook: nothing in it
// reaches a real address.
func TestDemonstration(t *testing.T) {
	c, p := load(t, sgl(t))
	demo, err := fs.Sub(handbooks.FS, "demo")
	must(t, err)
	over, err := handbook.Overlay(p, c, demo)
	must(t, err)
	if !strings.HasSuffix(over.Contacts.Email, "example.org") {
		t.Errorf("the demonstration shows %s", over.Contacts.Email)
	}
	for _, ch := range over.Channels.Channels {
		if ch.URL != "" && !strings.Contains(ch.URL, "example.org") {
			t.Errorf("the demonstration links to %s", ch.URL)
		}
	}
}

const (
	maxSentence = 15 // words a sentence
	maxAverage  = 10 // words a sentence, over one file
)

// forbidden are words that make a text harder than it has to be.
var forbidden = regexp.MustCompile(`(?i)(^|[^\p{L}])(indien|betreffende|derhalve|dient te|dienen te|conform|middels|faciliteren|eventueel|eventuele|tevens|` +
	`desgewenst|uiteraard|daadwerkelijk|daadwerkelijke|optimaliseren|participeren|bijv\.|d\.m\.v\.|m\.b\.t\.|o\.a\.|i\.v\.m\.|u|uw)($|[^\p{L}])`)

// TestPlainLanguage reads every Dutch text of the handbook: sentences of at
// most fifteen words, ten on average in each file, and no hard words.
func TestPlainLanguage(t *testing.T) {
	c, p := load(t, sgl(t))
	for file, texts := range textsByFile(c, p) {
		words, sentences := 0, 0
		for _, s := range texts {
			if hard := forbidden.FindStringSubmatch(s.NL); hard != nil {
				t.Errorf("%s: %q is a hard word: %q", file, hard[2], s.NL)
			}
			for _, line := range text.Clauses(handbook.Plain(s.NL)) {
				n := text.Count(line)
				words += n
				sentences++
				if n > maxSentence {
					t.Errorf("%s: %d words, at most %d: %q", file, n, maxSentence, line)
				}
			}
		}
		if sentences > 0 && float64(words)/float64(sentences) > maxAverage {
			t.Errorf("%s: %.1f words a sentence on average, at most %d", file, float64(words)/float64(sentences), maxAverage)
		}
	}
}

// TestLanguagesDiffer finds texts that were not translated: longer than a
// name and the same in both languages.
func TestLanguagesDiffer(t *testing.T) {
	c, p := load(t, sgl(t))
	var same []string
	for file, texts := range textsByFile(c, p) {
		for _, s := range texts {
			if s.NL == s.EN && text.Count(s.NL) > 3 {
				same = append(same, file+": "+s.NL)
			}
		}
	}
	sort.Strings(same)
	if len(same) > 0 {
		t.Errorf("the same in Dutch and English:\n%s", strings.Join(same, "\n"))
	}
}

// textsByFile collects the texts by the file they are written in. Verbatim
// table cells are the organisation's own words and are left out.
func textsByFile(c *handbook.Content, p *handbook.Projection) map[string][]handbook.Text {
	out := map[string][]handbook.Text{
		"handbook.yaml": handbook.TextsIn(&c.Book), "cards.yaml": handbook.TextsIn(&c.Cards), "checklists.yaml": handbook.TextsIn(&c.Checklists),
		"platforms.yaml": handbook.TextsIn(&c.Platforms), "references.yaml": handbook.TextsIn(&c.References),
		"open-ends.yaml": handbook.TextsIn(&c.OpenEnds), "projection/contacts.yaml": handbook.TextsIn(&p.Contacts),
	}
	for i := range c.Chapters {
		out["chapters/"+c.Chapters[i].ID] = handbook.TextsIn(&c.Chapters[i])
	}
	for i := range c.Guides {
		out["guides/"+c.Guides[i].ID] = handbook.TextsIn(&c.Guides[i])
	}
	for i := range c.Helpers {
		out["helpers/"+c.Helpers[i].ID] = handbook.TextsIn(&c.Helpers[i])
	}
	return out
}
