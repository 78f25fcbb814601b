package handbookpages

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/ui"
)

// leaf is one page of the book: a chapter, or a section of it that has a page
// of its own.
type leaf struct {
	chapter *handbook.Chapter
	section *handbook.Section // nil on the page of the chapter
}

func (l leaf) path() string {
	if l.section != nil {
		return handbook.SectionPath(l.chapter.ID, l.section.ID)
	}
	return handbookPath + "/" + l.chapter.ID
}

// sections are the sections whose cards stand on the page.
func (l leaf) sections() []handbook.Section {
	if l.section != nil {
		return []handbook.Section{*l.section}
	}
	return slices.DeleteFunc(slices.Clone(l.chapter.Sections), func(s handbook.Section) bool { return s.OwnPage })
}

// elsewhere are the sections that the page only leads to.
func (l leaf) elsewhere() []handbook.Section {
	if l.section != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(l.chapter.Sections), func(s handbook.Section) bool { return !s.OwnPage })
}

// leaves are all pages of the book in the order of reading.
func leaves(c *handbook.Content) []leaf {
	var out []leaf
	for i := range c.Chapters {
		ch := &c.Chapters[i]
		out = append(out, leaf{chapter: ch})
		for j := range ch.Sections {
			if ch.Sections[j].OwnPage {
				out = append(out, leaf{ch, &ch.Sections[j]})
			}
		}
	}
	return out
}

// chapter shows one chapter, or one section of it. All that does not depend on
// the person comes from bodies, ready made.
func (p *pages) chapter(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	l, ok := book.leaf(r.PathValue("chapter"), r.PathValue("section"))
	if !ok {
		return missing()
	}
	body, err := p.bodies.get(r.Context(), book, l)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, chapterPage(book, l, body))
}

// leaf finds a page by the ids in its address.
func (r reading) leaf(chapter, section string) (leaf, bool) {
	for _, l := range leaves(r.Index.Content()) {
		if l.chapter.ID == chapter && (section == "" && l.section == nil || l.section != nil && l.section.ID == section) {
			return l, true
		}
	}
	return leaf{}, false
}

// neighbours returns the pages before and after one, false at the ends.
func (r reading) neighbours(l leaf) (before, after leaf, hasBefore, hasAfter bool) {
	all := leaves(r.Index.Content())
	i := slices.Index(all, l)
	if i > 0 {
		before, hasBefore = all[i-1], true
	}
	if i >= 0 && i+1 < len(all) {
		after, hasAfter = all[i+1], true
	}
	return before, after, hasBefore, hasAfter
}

// others are the ideas of a section that are not for the reader's audience.
func (r reading) others(s handbook.Section) []handbook.Idea {
	var out []handbook.Idea
	for _, i := range s.Ideas {
		if !r.shows(i.Audience) {
			out = append(out, i)
		}
	}
	return out
}

// hidden counts the ideas of a page that are not for the reader's audience.
func (r reading) hidden(l leaf) int {
	n := 0
	for _, s := range l.sections() {
		n += len(r.others(s))
	}
	return n
}

// numbered is the title of a chapter with its number, by which texts name it.
func numbered(r reading, ch *handbook.Chapter) string {
	return strconv.Itoa(ch.Number) + ". " + r.say(ch.Title)
}

// titleOf is what a page is called.
func titleOf(r reading, l leaf) string {
	if l.section != nil {
		return r.say(l.section.Title)
	}
	return numbered(r, l.chapter)
}

// chapterProps is the frame of a page of the book.
func chapterProps(ctx context.Context, r reading, l leaf) layout.Props {
	p := layout.Props{Title: titleOf(r, l), Section: layout.Handbook, Icon: l.chapter.Picture, Tools: tools()}
	if l.section != nil {
		p.Icon = pictureOf(*l.section, l.chapter)
		p.Back = &layout.BackLink{Href: leaf{chapter: l.chapter}.path(), Label: numbered(r, l.chapter)}
		return p
	}
	p.Lead = plain(r, l.chapter.Summary)
	p.Back = &layout.BackLink{Href: handbookPath, Label: kit.T(ctx, "book.handbook")}
	return p
}

// sectionLinks lead from a chapter to the sections with a page of their own.
func sectionLinks(ctx context.Context, r reading, l leaf) []ui.Link {
	tint, _ := layout.Look(layout.Handbook)
	var out []ui.Link
	for _, s := range l.elsewhere() {
		n := len(s.IdeasFor(r.audience))
		if n == 0 {
			continue // nothing in it is for this reader; its ideas are found by "Je ziet alles"
		}
		out = append(out, ui.Link{Title: r.say(s.Title), Text: kit.N(ctx, "book.count", n), Href: leaf{l.chapter, &s}.path(),
			Icon: pictureOf(s, l.chapter), Tint: tint})
	}
	return out
}

// pictureOf is the picture of a section: that of its first card.
func pictureOf(s handbook.Section, ch *handbook.Chapter) string {
	if len(s.Ideas) > 0 {
		return s.Ideas[0].Picture
	}
	return ch.Picture
}

// contactOf is the contact block from the tables beside the handbook.
func contactOf(r reading) kit.Contact {
	c := r.Index.Projection().Contacts
	out := kit.Contact{Department: r.say(c.Department), Phone: c.Phone, Email: c.Email}
	if c.Hours != nil {
		out.Hours = r.say(*c.Hours)
	}
	return out
}
