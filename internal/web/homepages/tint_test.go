package homepages

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"testing"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/ui"
)

// A choice has the colour of the page that it leads to, on the start page and
// on every front door.
func TestAChoiceLooksLikeItsPage(t *testing.T) {
	want := map[string]ui.Tint{
		"/verhaal": ui.Apricot, "/volg-ons": ui.Sky, "/controle": ui.Lilac, "/doorgeven": ui.Sky, "/vragen": ui.Sand,
		"/kaarten": ui.Apricot, "/handleidingen": ui.Lilac, "/keuzehulp": ui.Sand, "/wie-spreekt-namens-ons": ui.Sage, "/handboek": ui.Sage,
	}
	folder, err := fs.Sub(handbooks.FS, "sgl")
	if err != nil {
		t.Fatal(err)
	}
	content, projection, err := handbook.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	book, err := handbook.Compile(content, projection)
	if err != nil {
		t.Fatal(err)
	}
	choices := homeChoices(i18n.For(i18n.NL))
	for _, a := range handbook.Audiences() {
		door, ok := book.FrontDoor(a)
		if !ok {
			t.Fatalf("no front door for %s", a)
		}
		choices = append(choices, doorChoices(book, door, i18n.NL)...)
	}
	for _, c := range choices {
		path := "/" + strings.Split(strings.TrimPrefix(c.Href, "/"), "/")[0]
		if tint, ok := want[path]; !ok || c.Tint != tint {
			t.Errorf("%s leads to %s in %q, want %q", c.Title, c.Href, c.Tint, tint)
		}
	}
}

// The four ways have that colour in their heads.
func TestAWayHasItsColourInItsHead(t *testing.T) {
	env := kit.Env{Display: kit.Display{Lang: i18n.NL}, Asset: func(n string) string { return n }}
	for _, w := range []way{wayCheck, wayStory, waySignal, wayAsk} {
		var out bytes.Buffer
		if err := wayPage(w, nil).Render(kit.With(context.Background(), &env), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "t-"+string(tintOf(handbook.LinkTo(handbook.KindPage, w.name)))) {
			t.Errorf("%s: another colour in the head", w.name)
		}
	}
}
