package handbook

import (
	"reflect"
	"slices"
)

// Piece is one linkable thing of a handbook: what a search result, a change
// list, a citation and a coverage table know about it.
type Piece struct {
	Kind     PieceKind
	ID       string // as in the link: an idea is "chapter/idea"
	Link     Link
	URL      string // path, and an anchor where it stands on a shared page
	Title    Text
	Items    []string   // the policy items that it carries
	Audience []Audience // never empty: no audience in the file means all
	Strength Strength   // of ideas and cards
	Picture  string
	Chapter  string // id of the chapter, for a chapter and its ideas
}

// For says whether the piece is for an audience; the empty audience, somebody
// who did not choose, sees everything.
func (p Piece) For(a Audience) bool { return a == "" || Has(p.Audience, a) }

// piecesOf lists all pieces in the order of the handbook.
func piecesOf(c *Content) []Piece {
	var out []Piece
	add := func(kind PieceKind, id string, p Piece) {
		p.Kind, p.ID, p.Link, p.URL = kind, id, LinkTo(kind, id), address(kind, id)
		if len(p.Audience) == 0 {
			p.Audience = Audiences()
		}
		out = append(out, p)
	}
	for i := range c.Chapters {
		ch := &c.Chapters[i]
		add(KindChapter, ch.ID, Piece{Title: ch.Title, Items: chapterItems(ch), Picture: ch.Picture, Chapter: ch.ID})
		for j := range ch.Sections {
			for _, idea := range ch.Sections[j].Ideas {
				add(KindIdea, ch.ID+"/"+idea.ID, Piece{Title: idea.Title, Items: idea.Items, Audience: idea.Audience,
					Strength: idea.Strength, Picture: idea.Picture, Chapter: ch.ID})
				if ch.Sections[j].OwnPage {
					out[len(out)-1].URL = SectionPath(ch.ID, ch.Sections[j].ID) + "#" + idea.ID
				}
			}
		}
	}
	for _, x := range c.Cards.Cards {
		add(KindCard, x.ID, Piece{Title: x.Sentence, Items: x.Items, Audience: x.Audience, Strength: x.Strength, Picture: x.Picture})
	}
	for _, x := range c.Guides {
		add(KindGuide, x.ID, Piece{Title: x.Title, Items: x.Items, Audience: x.Audience})
	}
	for i := range c.Helpers {
		x := &c.Helpers[i]
		add(KindHelper, x.ID, Piece{Title: x.Title, Items: itemsIn(x), Audience: x.Audience, Picture: x.Picture})
	}
	for _, x := range c.Checklists {
		add(KindChecklist, x.ID, Piece{Title: x.Title, Items: x.Items, Audience: x.Audience})
	}
	for _, x := range c.Platforms {
		add(KindPlatform, x.ID, Piece{Title: x.Name, Items: x.Items, Picture: x.Picture})
	}
	for _, x := range c.References {
		add(KindReference, x.ID, Piece{Title: x.Title, Items: x.Items, Audience: x.Audience})
	}
	for _, x := range c.OpenEnds {
		add(KindOpenEnd, x.ID, Piece{Title: x.Title, Items: x.Items})
	}
	for _, id := range pageIDs() {
		add(KindPage, id, Piece{Items: pageItems(c, id)})
	}
	return out
}

// chapterItems are the items of a chapter's page itself: its own and those of
// its sections, without those of the ideas.
func chapterItems(ch *Chapter) []string {
	items := slices.Clone(ch.Items)
	for i := range ch.Sections {
		items = append(items, ch.Sections[i].Items...)
	}
	return items
}

func pageIDs() []string {
	ids := make([]string, 0, len(pages()))
	for id := range pages() {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// pageItems are the items that the book itself carries, at the page where a
// reader finds them.
func pageItems(c *Content, id string) []string {
	switch id {
	case "home":
		return append(slices.Clone(c.Book.Items), itemsIn(&c.Book.FrontDoors)...)
	case "handbook":
		return append(itemsIn(&c.Book.TargetGroups), itemsIn(&c.Book.Goals)...)
	case "cards":
		return c.Cards.Items
	default:
		return nil
	}
}

// allPieces lists the pieces of an edition with the items of the projections
// at the pages that show them.
func allPieces(c *Content, p *Projection) []Piece {
	out := piecesOf(c)
	if p == nil {
		return out
	}
	beside := map[Link][]string{
		LinkTo(KindPage, "who"):     itemsIn(&p.Officers),
		LinkTo(KindPage, "follow"):  append(itemsIn(&p.Channels), itemsIn(&p.Locations)...),
		LinkTo(KindPage, "contact"): itemsIn(&p.Contacts),
	}
	for i := range out {
		out[i].Items = append(slices.Clone(out[i].Items), beside[out[i].Link]...)
	}
	return out
}

// itemsIn collects the policy items named anywhere in a value, each once.
func itemsIn(ptr any) []string {
	var out []string
	collectItems(reflect.ValueOf(ptr).Elem(), rule{}, &out)
	slices.Sort(out)
	return slices.Compact(out)
}

func collectItems(v reflect.Value, r rule, out *[]string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			collectItems(v.Elem(), r, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collectItems(v.Index(i), r, out)
		}
	case reflect.Struct:
		for i, fr := range rulesOf(v.Type()) {
			collectItems(v.Field(i), fr, out)
		}
	case reflect.String:
		if r.has("items") {
			*out = append(*out, v.String())
		}
	}
}
