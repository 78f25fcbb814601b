package handbookpages

import (
	"net/http"
	"slices"
	"strconv"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
)

// chapter shows one chapter. All that does not depend on the person comes
// from bodies, ready made.
func (p *pages) chapter(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	ch, ok := book.Index.Chapter(r.PathValue("chapter"))
	if !ok {
		return missing()
	}
	body, err := p.bodies.get(r.Context(), book, ch)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, chapterPage(book, ch, body))
}

// neighbours returns the chapters before and after ch, nil at the ends.
func (r reading) neighbours(ch *handbook.Chapter) (before, after *handbook.Chapter) {
	all := r.Index.Content().Chapters
	i := slices.IndexFunc(all, func(c handbook.Chapter) bool { return c.ID == ch.ID })
	if i > 0 {
		before = &all[i-1]
	}
	if i >= 0 && i+1 < len(all) {
		after = &all[i+1]
	}
	return before, after
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

// hidden counts the ideas of a chapter that are not for the reader's audience.
func (r reading) hidden(ch *handbook.Chapter) int {
	n := 0
	for _, s := range ch.Sections {
		n += len(r.others(s))
	}
	return n
}

// numbered is the title of a chapter with its number, by which texts name it.
func numbered(r reading, ch *handbook.Chapter) string {
	return strconv.Itoa(ch.Number) + ". " + r.say(ch.Title)
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
