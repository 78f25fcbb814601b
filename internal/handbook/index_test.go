package handbook_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

func compiled(t testing.TB) *handbook.Index {
	t.Helper()
	x, err := handbook.Compile(load(t, small(t)))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestHashSurvivesReformatting lays every file out anew: other order of keys
// and other quotes, the same words, the same hash.
func TestHashSurvivesReformatting(t *testing.T) {
	c, _ := load(t, small(t))
	want, err := handbook.Hash(c)
	if err != nil {
		t.Fatal(err)
	}
	files := small(t)
	for name, f := range files {
		var v map[string]any
		if err := yaml.Unmarshal(f.Data, &v); err != nil {
			t.Fatal(err)
		}
		out, err := yaml.MarshalWithOptions(v, yaml.Indent(4), yaml.UseSingleQuote(true))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: append([]byte("# laid out anew\n"), out...)}
	}
	again, _ := load(t, files)
	if got, _ := handbook.Hash(again); got != want {
		a, _ := handbook.Canonical(c)
		b, _ := handbook.Canonical(again)
		t.Errorf("the hash changed:\n%s", cmp.Diff(string(a), string(b)))
	}
}

func TestHashChangesWithOneWord(t *testing.T) {
	before, _ := handbook.Hash(first(load(t, small(t))))
	files := small(t)
	edit(t, files, "cards.yaml", "Vertel wat jij beleeft.", "Vertel wat je beleeft.")
	after, _ := handbook.Hash(first(load(t, files)))
	if before == after {
		t.Error("one word changed and the hash did not")
	}
	files = small(t)
	edit(t, files, "projection/contacts.yaml", "012-3456789", "012-9876543")
	if beside, _ := handbook.Hash(first(load(t, files))); beside != before {
		t.Error("a phone number beside the text changed the hash")
	}
}

func first[A, B any](a A, _ B) A { return a }

func edit(t testing.TB, files fstest.MapFS, name, old, new string) {
	t.Helper()
	data := string(files[name].Data)
	if !strings.Contains(data, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(data, old, new, 1))}
}

func TestCanonicalRoundTrip(t *testing.T) {
	c, _ := load(t, small(t))
	b, err := handbook.Canonical(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := handbook.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := handbook.Canonical(back)
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("canonical bytes changed on the way (%v)", err)
	}
	if _, err := handbook.Decode([]byte(`{"book":{},"suprise":1}`)); err == nil {
		t.Error("an unknown key was accepted")
	}
}

func TestAddresses(t *testing.T) {
	x := compiled(t)
	for link, want := range map[handbook.Link]string{
		"chapter:start":    "/handboek/start",
		"idea:start/delen": "/handboek/start#delen",
		"card:delen":       "/kaarten#delen",
		"guide:een":        "/handleidingen/een",
		"helper:mag-dit":   "/keuzehulp/mag-dit",
		"checklist:plein":  "/open-profiel/plein",
		"reference:code":   "/verwijzingen#code",
		"open-end:tijden":  "/open-einden#tijden",
		"platform:plein":   "/volg-ons#plein",
		"page:follow":      "/volg-ons",
		"page:who":         "/wie-spreekt-namens-ons",
		"page:check":       "/controle",
		"page:story":       "/verhaal",
		"page:signal":      "/doorgeven",
		"page:ask":         "/vragen",
		"page:cards":       "/kaarten",
		"page:guides":      "/handleidingen",
		"page:helpers":     "/keuzehulp",
		"page:references":  "/verwijzingen",
		"page:open-ends":   "/open-einden",
		"page:contact":     "/handboek/contact",
		"idea:nergens":     "/",
	} {
		if got := x.URL(link); got != want {
			t.Errorf("URL(%q) = %q, want %q", link, got, want)
		}
	}
	if p, ok := x.Piece("idea:start/groepen"); !ok || p.Strength != handbook.NotAllowed || p.For(handbook.Client) || !p.For(handbook.Staff) || !p.For("") {
		t.Errorf("piece = %+v", p)
	}
}

func TestHTML(t *testing.T) {
	x := compiled(t)
	idea, ok := x.Idea("idea:start/groepen")
	if !ok {
		t.Fatal("no idea")
	}
	want := `Praat in een appgroep <strong>nooit</strong> over cliënten. Lees ook <a href="/handboek/start">waarom</a>.`
	if got := x.HTML(idea.Text, i18n.NL); got != want {
		t.Errorf("HTML = %q", got)
	}
	// What is not part of the edition is escaped, never trusted.
	if got := x.HTML(handbook.Text{NL: "<b>x</b>"}, i18n.NL); got != "&lt;b&gt;x&lt;/b&gt;" {
		t.Errorf("HTML = %q", got)
	}
	if got := handbook.Plain(idea.Text.NL); got != "Praat in een appgroep nooit over cliënten. Lees ook waarom." {
		t.Errorf("Plain = %q", got)
	}
}

// TestMarkdownIsSafe renders hostile texts as the compiler would if the
// loader had let them pass.
func TestMarkdownIsSafe(t *testing.T) {
	for _, s := range []string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", `<img src=x onerror=alert(1)>`, "[x](https://evil.example.org)",
		"![x](https://evil.example.org/x.png)", "<a href='javascript:1'>x</a>", "**<svg onload=1>**", "`<b>`", "&lt;script&gt;",
	} {
		files := small(t)
		c, p := load(t, files)
		c.Chapters[0].Sections[0].Ideas[0].Text.NL = s
		c.References[0].Copy = &handbook.Text{NL: s, EN: s}
		x, err := handbook.Compile(c, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{x.HTML(handbook.Text{NL: s}, i18n.NL), x.Blocks(handbook.Text{NL: s}, i18n.NL)} {
			for _, bad := range []string{"<script", "<svg", "<img", "javascript:", "onerror=alert(1)>"} {
				if strings.Contains(out, bad) && !strings.Contains(out, "&lt;") {
					t.Errorf("%q became %q", s, out)
				}
			}
		}
	}
}

func TestItems(t *testing.T) {
	x := compiled(t)
	var got []string
	for _, p := range x.ByItem("S-003") {
		got = append(got, string(p.Link))
	}
	if want := []string{"helper:mag-dit", "card:delen", "page:cards"}; !sameSet(got, want) {
		t.Errorf("ByItem = %v, want %v", got, want)
	}
	if missing := x.Missing(); len(missing) != 0 {
		t.Errorf("missing %v", missing)
	}
}

func sameSet(a, b []string) bool {
	in := map[string]int{}
	for _, s := range a {
		in[s]++
	}
	for _, s := range b {
		in[s]--
	}
	for _, n := range in {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestAudiences(t *testing.T) {
	x := compiled(t)
	s := x.Content().Chapters[0].Sections[0]
	if n := len(s.IdeasFor(handbook.Client)); n != 1 {
		t.Errorf("a client sees %d ideas", n)
	}
	if n := len(s.IdeasFor("")); n != 2 {
		t.Errorf("somebody who did not choose sees %d ideas", n)
	}
	if n := len(x.Cards(handbook.Do, handbook.Volunteer)); n != 1 {
		t.Errorf("%d cards", n)
	}
}

func TestSearch(t *testing.T) {
	x := compiled(t)
	for query, want := range map[string]handbook.Link{
		"groepen":        "idea:start/groepen", // "appgroep" holds groep
		"groep":          "idea:start/groepen",
		"clienten":       "idea:start/groepen", // without the accent
		"CLIËNT":         "idea:start/groepen",
		"verha":          "idea:start/delen", // unfinished
		"verhalen delen": "idea:start/delen",
		"gedragscode":    "reference:code",
	} {
		got := x.Search(query, i18n.NL, "")
		if len(got) == 0 || got[0].Piece.Link != want {
			t.Errorf("%q found %v, want %s first", query, links(got), want)
		}
	}
	if got := x.Search("groepen", i18n.NL, handbook.Client); len(got) != 0 {
		t.Errorf("a client found what is for staff: %v", links(got))
	}
	if got := x.Search("stories", i18n.EN, ""); len(got) == 0 || got[0].Piece.Link != "idea:start/delen" {
		t.Errorf("English found %v", links(got))
	}
	for _, q := range []string{"", " ", "???", strings.Repeat("woord ", 5000), "\xff\xfe", "de het een"} {
		x.Search(q, i18n.NL, "")
	}
}

func TestSnippet(t *testing.T) {
	got := compiled(t).Search("privé", i18n.NL, "")
	if len(got) != 1 {
		t.Fatalf("found %v", links(got))
	}
	var all strings.Builder
	hit := ""
	for _, s := range got[0].Snippet {
		all.WriteString(s.Text)
		if s.Hit {
			hit = s.Text
		}
	}
	if hit != "privé" || strings.ContainsAny(all.String(), "*[<") {
		t.Errorf("snippet %q, hit %q", all.String(), hit)
	}
}

func links(rs []handbook.Result) []handbook.Link {
	var out []handbook.Link
	for _, r := range rs {
		out = append(out, r.Piece.Link)
	}
	return out
}

func TestOverlay(t *testing.T) {
	c, p := load(t, small(t))
	contacts := strings.Replace(string(small(t)["projection/contacts.yaml"].Data), "012-3456789", "000-1112223", 1)
	for name, folder := range map[string]fstest.MapFS{
		"in projection/": {"projection/contacts.yaml": {Data: []byte(contacts)}},
		"flat":           {"contacts.yaml": {Data: []byte(contacts)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := handbook.Overlay(p, c, folder)
			if err != nil {
				t.Fatal(err)
			}
			if got.Contacts.Phone != "000-1112223" || got.Channels.Channels[0].Name != "DeProef" || p.Contacts.Phone != "012-3456789" {
				t.Errorf("overlay = %+v", got)
			}
		})
	}
	_, err := handbook.Overlay(p, c, fstest.MapFS{"contacts.yaml": {Data: []byte("as_of: nooit\n")}})
	if err == nil || !strings.Contains(err.Error(), "projection/contacts.yaml:1: ") {
		t.Errorf("err = %v", err)
	}
}
