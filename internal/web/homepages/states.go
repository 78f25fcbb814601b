package homepages

import (
	"time"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/ui"
)

// States lists every state of these pages, with sample data.
func States(book *handbook.Index) []kit.State {
	now := time.Date(2026, 11, 24, 14, 32, 0, 0, time.UTC)
	someone := kit.Principal{PersonID: "sample", Name: "Ilse Coenen", Audiences: []string{"volunteer"}}
	out := []kit.State{
		{Name: "welcome", Component: welcomePage()},
		{Name: "begin", Component: beginPage()},
		{Name: "home-visitor", Component: homePage(home{now: now}), Display: kit.Display{Asked: true}},
		{Name: "home-person", Who: someone, Component: homePage(home{now: now,
			unfinished: []Unfinished{{Title: "De moestuin bloeit", Href: "/verhaal", Saved: now.Add(-26 * time.Hour)}},
			notices:    []Notice{{ID: "sample", Title: "home.edition", Text: "home.edition-text", Label: "home.edition-read", Href: "/handboek", Icon: "book-open"}},
		})},
		{Name: "about", Component: aboutPage("about")},
		{Name: "privacy", Component: aboutPage("privacy")},
		{Name: "access", Component: aboutPage("access")},
	}
	for _, w := range []way{wayCheck, wayStory, waySignal, wayAsk} {
		out = append(out, kit.State{Name: "way-" + w.name, Component: wayPage(w, []ui.Link{{Title: "Twijfel je?", Href: "/handboek/tips#twijfel", Icon: "circle-help", Tint: w.tint}})})
	}
	for _, a := range handbook.Audiences() {
		if door, ok := book.FrontDoor(a); ok {
			out = append(out, kit.State{Name: "door-" + string(a), Component: doorPage(book, door)})
		}
	}
	return out
}
