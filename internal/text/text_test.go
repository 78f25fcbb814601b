package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Cliënten": "clienten", "CLIËNTEN": "clienten", "cafe\u0301": "cafe", "Ĳssel": "ijssel", "Straße": "strasse", "Smørrebrød": "smorrebrod", "": "", "abc": "abc",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"Mag dit online?":                   {"Mag", "dit", "online"},
		"foto's van AC's":                   {"foto's", "van", "AC's"},
		"WhatsApp-groep, en meer.":          {"WhatsApp-groep", "en", "meer"},
		"Mail naar nieuws@example.org.":     {"Mail", "naar", "nieuws@example.org"},
		"… – !":                             nil,
		"'ja' of 'nee'":                     {"ja", "of", "nee"},
		"cafe\u0301 open":                   {"cafe\u0301", "open"},
		"bel 012-3456789 (elke dag) vóór 5": {"bel", "012-3456789", "elke", "dag", "vóór", "5"},
	} {
		var got []string
		for _, w := range Words(in) {
			got = append(got, w.Text)
			if in[w.Start:w.End] != w.Text {
				t.Errorf("%q: token %+v is not where it says", in, w)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	for in, want := range map[string][]string{
		"Een zin. Nog een zin.":                        {"Een zin.", "Nog een zin."},
		"Een zin zonder punt":                          {"Een zin zonder punt"},
		"Kijk op example.org. Of bel.":                 {"Kijk op example.org.", "Of bel."},
		"Dit kost bijv. tien euro.":                    {"Dit kost bijv. tien euro."},
		"Echt waar? Ja!":                               {"Echt waar?", "Ja!"},
		"Hij zei: ‘Kom je?’ Ik kwam.":                  {"Hij zei: ‘Kom je?’", "Ik kwam."},
		"Vraag ‘mag dit?’ aan de ander.":               {"Vraag ‘mag dit?’ aan de ander."},
		"regel een\nregel twee":                        {"regel een", "regel twee"},
		"Versie 2.5 is er. 3 mensen zagen het.":        {"Versie 2.5 is er.", "3 mensen zagen het."},
		"  ":                                           nil,
		"Denk na... en dan pas.":                       {"Denk na... en dan pas."},
		"Vraag het. (Dat mag altijd.) Wij helpen.":     {"Vraag het.", "(Dat mag altijd.)", "Wij helpen."},
		"Dit is [een link](page:ask). En dit is meer.": {"Dit is [een link](page:ask).", "En dit is meer."},
	} {
		if got := Sentences(in); !slices.Equal(got, want) {
			t.Errorf("Sentences(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Clauses("Zeg dit: ik werk hier. Om 9:30 uur."); !slices.Equal(got, []string{"Zeg dit:", "ik werk hier.", "Om 9:30 uur."}) {
		t.Errorf("Clauses = %q", got)
	}
}

func TestStem(t *testing.T) {
	for _, c := range []struct{ lang, a, b string }{
		{"nl", "groepen", "groep"}, {"nl", "verhalen", "verhaal"}, {"nl", "twijfels", "twijfel"},
		{"en", "stories", "story"}, {"en", "sharing", "shared"},
	} {
		if a, b := Stem(c.lang, c.a), Stem(c.lang, c.b); a != b {
			t.Errorf("%s: %q has stem %q, %q has %q", c.lang, c.a, a, c.b, b)
		}
	}
}

func TestIndex(t *testing.T) {
	x := NewIndex("nl")
	for _, d := range []string{
		"Praat in een appgroep over het werk", "Een groep mensen", "De app op je telefoon", "Foto's van cliënten", "Een verhaal over de foto", "Privételefoon", "Berichten plaatsen",
	} {
		x.Add(Field{d, 1})
	}
	x.Finish()
	for query, want := range map[string][]int{
		"groepen":      {0, 1}, // "appgroep" has groep in it
		"apps groep":   nil,
		"foto":         {3, 4},
		"client foto":  {3},
		"verh":         {4},
		"telef":        {2},
		"nietbestaand": nil,
	} {
		var got []int
		for _, h := range x.Query(query, 10) {
			got = append(got, h.Doc)
		}
		slices.Sort(got)
		if want != nil && !slices.Equal(got, want) {
			t.Errorf("%q found %v, want %v", query, got, want)
		}
	}
	if !x.Matches("groepen")("appgroep") {
		t.Error("the compound is not marked")
	}
}

func TestTitleWins(t *testing.T) {
	x := NewIndex("nl")
	x.Add(Field{"Iets anders", 3}, Field{"over een foto en nog een foto", 1})
	x.Add(Field{"Foto delen", 3}, Field{"kort", 1})
	x.Finish()
	if hits := x.Query("foto", 5); len(hits) != 2 || hits[0].Doc != 1 {
		t.Errorf("hits = %v", hits)
	}
}

// TestAnyText holds for whatever somebody types: nothing panics, tokens stand
// where they say, sentences lose no word.
func TestAnyText(t *testing.T) {
	x := NewIndex("nl")
	x.Add(Field{"een tekst om in te zoeken", 1})
	x.Finish()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		for _, w := range Words(s) {
			if s[w.Start:w.End] != w.Text || !utf8.ValidString(w.Text) {
				t.Fatalf("token %+v", w)
			}
		}
		at := 0
		for _, one := range Sentences(s) {
			i := strings.Index(s[at:], one)
			if i < 0 {
				t.Fatalf("sentence %q does not stand in %q", one, s)
			}
			if skipped := s[at : at+i]; Count(skipped) > 0 {
				t.Fatalf("the words of %q are in no sentence", skipped)
			}
			at += i + len(one)
		}
		if Count(s[at:]) > 0 {
			t.Fatalf("the words of %q are in no sentence", s[at:])
		}
		if Fold(Fold(s)) != Fold(s) {
			t.Fatalf("Fold is not settled for %q", s)
		}
		x.Query(s, 5)
		x.Matches(s)("tekst")
	})
}

func FuzzQuery(f *testing.F) {
	x := NewIndex("nl")
	x.Add(Field{"een tekst om in te zoeken, met appgroepen", 1})
	x.Finish()
	f.Add("groep")
	f.Add("\xff\xfe groep'")
	f.Fuzz(func(t *testing.T, q string) {
		x.Query(q, 10)
		for _, w := range Words(q) {
			if q[w.Start:w.End] != w.Text {
				t.Fatal("token is not where it says")
			}
		}
		Sentences(q)
	})
}
