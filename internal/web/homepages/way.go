package homepages

import (
	"net/http"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/ui"
)

// way is one thing that an ambassador can do. Each page says in a few words
// how it goes and gives the people to reach; cites are what the handbook says
// about it.
type way struct {
	name  string // of its catalog keys: home.NAME-title and so on
	icon  string
	tint  ui.Tint
	cites []string // policy items whose pieces the page points to
}

// The ways. Which pieces they point to follows from the handbook: they are
// found by the policy items that they carry.
var (
	wayCheck  = way{name: "check", icon: "message-square-text", tint: ui.Lilac, cites: []string{"S-086", "S-094", "S-095", "S-100"}}
	wayStory  = way{name: "story", icon: "sparkles", tint: ui.Apricot, cites: []string{"S-056", "S-057", "S-059"}}
	waySignal = way{name: "signal", icon: "bell", tint: ui.Sky, cites: []string{"S-146", "S-147"}}
	wayAsk    = way{name: "ask", icon: "circle-help", tint: ui.Sand, cites: []string{"S-095", "S-128", "S-149"}}
)

func (d Deps) way(way way) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		book, err := d.Book(r.Context())
		if err != nil {
			return err
		}
		return kit.Render(w, r, http.StatusOK, wayPage(way, way.reading(book, kit.DisplayOf(r.Context()))))
	}
}

// reading lists the ideas of the handbook that carry the way's items, each
// once, at most five, for the reader's audience.
func (way way) reading(book *handbook.Index, display kit.Display) []ui.Link {
	var out []ui.Link
	seen := map[handbook.Link]bool{}
	for _, item := range way.cites {
		for _, p := range book.ByItem(item) {
			if p.Kind != handbook.KindIdea || seen[p.Link] || !p.For(handbook.Audience(display.Audience)) || len(out) == 5 {
				continue
			}
			seen[p.Link] = true
			out = append(out, ui.Link{Title: p.Title.In(display.Lang), Href: p.URL, Icon: p.Picture, Tint: way.tint})
		}
	}
	return out
}
