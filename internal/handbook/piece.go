package handbook

import "slices"

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
		add(KindHelper, x.ID, Piece{Title: x.Title, Items: helperItems(x), Audience: x.Audience, Picture: x.Picture})
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

func helperItems(h *Helper) []string {
	items := slices.Clone(h.Items)
	for i := range h.Questions {
		items = append(items, h.Questions[i].Items...)
	}
	for i := range h.Outcomes {
		items = append(items, h.Outcomes[i].Items...)
	}
	slices.Sort(items)
	return slices.Compact(items)
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
	var items []string
	switch id {
	case "home":
		items = append(items, c.Book.Items...)
		for i := range c.Book.FrontDoors {
			items = append(items, c.Book.FrontDoors[i].Items...)
		}
	case "cards":
		items = append(items, c.Cards.Items...)
	case "story":
		for i := range c.Book.TargetGroups {
			items = append(items, c.Book.TargetGroups[i].Items...)
		}
		for i := range c.Book.Goals {
			items = append(items, c.Book.Goals[i].Items...)
		}
	}
	return items
}
