package handbook

import (
	"fmt"
	"html"
	"reflect"
	"slices"
	"sync"

	"ambassadeur/internal/i18n"
)

// Index is an edition compiled for reading: everything that a page needs is
// looked up, nothing is worked out. It does not change after Compile, so any
// number of requests read it at once.
type Index struct {
	content    *Content
	projection *Projection
	hash       string
	pieces     []Piece
	byLink     map[Link]int
	byItem     map[string][]int
	html       map[string]string // inline Markdown source → HTML
	blocks     map[string]string // block Markdown source → HTML
	chapters   map[string]*Chapter
	ideas      map[Link]*Idea
	guides     map[string]*Guide
	helpers    map[string]*helperIndex
	making     map[Link][]Reference
	search     map[i18n.Lang]func() *searchIndex // built at the first search: the first page does not wait for it
}

type helperIndex struct {
	*Helper
	questions map[string]*Question
	outcomes  map[string]*Outcome
}

// Compile makes the index of a content with the projections beside it. It
// fails when a link leads nowhere, which Load would have said with its line.
func Compile(c *Content, p *Projection) (*Index, error) {
	hash, err := Hash(c)
	if err != nil {
		return nil, err
	}
	x := &Index{content: c, projection: p, hash: hash, pieces: allPieces(c, p), byLink: map[Link]int{}, byItem: map[string][]int{},
		html: map[string]string{}, blocks: map[string]string{}, chapters: map[string]*Chapter{}, ideas: map[Link]*Idea{},
		guides: map[string]*Guide{}, helpers: map[string]*helperIndex{}}
	for i, piece := range x.pieces {
		x.byLink[piece.Link] = i
		for _, item := range slices.Compact(slices.Sorted(slices.Values(piece.Items))) {
			x.byItem[item] = append(x.byItem[item], i)
		}
	}
	x.lookups()
	if err := x.renderAll(); err != nil {
		return nil, err
	}
	x.making = missingDocuments(c)
	x.search = map[i18n.Lang]func() *searchIndex{}
	for _, lang := range i18n.Langs() {
		x.search[lang] = sync.OnceValue(func() *searchIndex { return newSearchIndex(x, lang) })
	}
	return x, nil
}

func (x *Index) lookups() {
	c := x.content
	for i := range c.Chapters {
		ch := &c.Chapters[i]
		x.chapters[ch.ID] = ch
		for j := range ch.Sections {
			for k := range ch.Sections[j].Ideas {
				idea := &ch.Sections[j].Ideas[k]
				x.ideas[LinkTo(KindIdea, ch.ID+"/"+idea.ID)] = idea
			}
		}
	}
	for i := range c.Guides {
		x.guides[c.Guides[i].ID] = &c.Guides[i]
	}
	for i := range c.Helpers {
		h := &helperIndex{&c.Helpers[i], map[string]*Question{}, map[string]*Outcome{}}
		for j := range h.Questions {
			h.questions[h.Questions[j].ID] = &h.Questions[j]
		}
		for j := range h.Outcomes {
			h.outcomes[h.Outcomes[j].ID] = &h.Outcomes[j]
		}
		x.helpers[h.ID] = h
	}
}

// renderAll renders every text of the content and of the projections once,
// and checks the links that stand outside texts.
func (x *Index) renderAll() error {
	var broken Link
	r := newRenderer(func(l Link) (string, bool) {
		piece, ok := x.Piece(l)
		return piece.URL, ok
	})
	visit(reflect.ValueOf(x.content).Elem(), rule{}, func(v reflect.Value, tag rule) {
		switch p := v.Addr().Interface().(type) {
		case *Link:
			if _, ok := x.byLink[*p]; !ok && *p != "" {
				broken = *p
			}
		case *Text:
			x.renderText(r, p, tag)
		}
	})
	if x.projection != nil {
		visit(reflect.ValueOf(x.projection).Elem(), rule{}, func(v reflect.Value, tag rule) {
			if t, ok := v.Addr().Interface().(*Text); ok {
				x.renderText(r, t, tag)
			}
		})
	}
	if broken != "" {
		return fmt.Errorf("compile a handbook: link %q leads nowhere", broken)
	}
	return nil
}

func (x *Index) renderText(r *renderer, t *Text, tag rule) {
	for _, s := range []string{t.NL, t.EN} {
		switch {
		case s == "":
		case tag.has("blocks"):
			x.blocks[s] = r.Blocks(s)
		case tag.has("plain"), tag.has("copy"):
			x.html[s] = html.EscapeString(s)
		default:
			x.html[s] = r.Inline(s)
		}
	}
}

// visit calls do for every Text and Link in a value, with its tag.
func visit(v reflect.Value, r rule, do func(reflect.Value, rule)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), r, do)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), r, do)
		}
	case reflect.Struct:
		if v.Type() == textType {
			do(v, r)
			return
		}
		for i, fr := range rulesOf(v.Type()) {
			visit(v.Field(i), fr, do)
		}
	case reflect.String:
		if v.Type() == linkType {
			do(v, r)
		}
	}
}

var linkType = reflect.TypeFor[Link]()

// Content returns the edition's content. Read it, never change it.
func (x *Index) Content() *Content { return x.content }

// Projection returns the tables beside the edition. Read it, never change it.
func (x *Index) Projection() *Projection { return x.projection }

// Hash returns the hash of the content, in hexadecimal.
func (x *Index) Hash() string { return x.hash }

// HTML returns a text as safe HTML: bold words and links are the only
// elements in it. It is rendered when the edition is compiled; a text that is
// not part of the edition comes back escaped.
func (x *Index) HTML(t Text, lang i18n.Lang) string {
	s := t.In(lang)
	if out, ok := x.html[s]; ok {
		return out
	}
	return html.EscapeString(s)
}

// Blocks returns a readable copy (Reference.Copy) as safe HTML.
func (x *Index) Blocks(t Text, lang i18n.Lang) string {
	s := t.In(lang)
	if out, ok := x.blocks[s]; ok {
		return out
	}
	return html.EscapeString(s)
}

// Pieces returns all pieces in the order of the handbook.
func (x *Index) Pieces() []Piece { return x.pieces }

// Piece returns what a link points to.
func (x *Index) Piece(l Link) (Piece, bool) {
	i, ok := x.byLink[l]
	if !ok {
		return Piece{}, false
	}
	return x.pieces[i], true
}

// URL returns the address of a link, or "/" when it leads nowhere.
func (x *Index) URL(l Link) string {
	if i, ok := x.byLink[l]; ok {
		return x.pieces[i].URL
	}
	return "/"
}

// ByItem returns the pieces that carry a policy item.
func (x *Index) ByItem(item string) []Piece {
	out := make([]Piece, 0, len(x.byItem[item]))
	for _, i := range x.byItem[item] {
		out = append(out, x.pieces[i])
	}
	return out
}

// Chapter returns a chapter by its id.
func (x *Index) Chapter(id string) (*Chapter, bool) { c, ok := x.chapters[id]; return c, ok }

// Idea returns the idea that a link of the kind idea points to.
func (x *Index) Idea(l Link) (*Idea, bool) { i, ok := x.ideas[l]; return i, ok }

// Guide returns a guide by its id.
func (x *Index) Guide(id string) (*Guide, bool) { g, ok := x.guides[id]; return g, ok }

// Checklist returns a checklist by its id.
func (x *Index) Checklist(id string) (*Checklist, bool) {
	return find(x.content.Checklists, func(c *Checklist) bool { return c.ID == id })
}

// Platform returns a platform by its id.
func (x *Index) Platform(id string) (*Platform, bool) {
	return find(x.content.Platforms, func(p *Platform) bool { return p.ID == id })
}

// Reference returns a reference by its id.
func (x *Index) Reference(id string) (*Reference, bool) {
	return find(x.content.References, func(r *Reference) bool { return r.ID == id })
}

// FrontDoor returns the entry page of an audience.
func (x *Index) FrontDoor(a Audience) (*FrontDoor, bool) {
	return find(x.content.Book.FrontDoors, func(d *FrontDoor) bool { return d.Audience == a })
}

// Helper returns a decision helper by its id.
func (x *Index) Helper(id string) (*Helper, bool) {
	h, ok := x.helpers[id]
	if !ok {
		return nil, false
	}
	return h.Helper, true
}

// Question returns a question of a helper.
func (x *Index) Question(helper, id string) (*Question, bool) {
	h, ok := x.helpers[helper]
	if !ok {
		return nil, false
	}
	q, ok := h.questions[id]
	return q, ok
}

// Outcome returns an outcome of a helper.
func (x *Index) Outcome(helper, id string) (*Outcome, bool) {
	h, ok := x.helpers[helper]
	if !ok {
		return nil, false
	}
	o, ok := h.outcomes[id]
	return o, ok
}

// Cards returns the cards of a kind for an audience, in the handbook's order;
// the empty audience gets all.
func (x *Index) Cards(kind CardKind, a Audience) []Card {
	var out []Card
	for _, c := range x.content.Cards.Cards {
		if c.Kind == kind && (a == "" || Has(c.Audience, a)) {
			out = append(out, c)
		}
	}
	return out
}

// IdeasFor returns the ideas of a section for an audience; the empty audience
// gets all.
func (s Section) IdeasFor(a Audience) []Idea {
	if a == "" {
		return s.Ideas
	}
	var out []Idea
	for _, i := range s.Ideas {
		if Has(i.Audience, a) {
			out = append(out, i)
		}
	}
	return out
}

// PolicyItems returns the policy items that pieces may name.
func (x *Index) PolicyItems() []PolicyItem { return x.content.PolicyItems }

// InTheMaking returns the documents that a piece refers to and that do not
// exist yet. A page that shows the piece says so beside it (H5).
func (x *Index) InTheMaking(l Link) []Reference { return x.making[l] }

// missingDocuments finds, for each piece, the references in the making that
// it links to.
func missingDocuments(c *Content) map[Link][]Reference {
	missing := map[Link]Reference{}
	for _, r := range c.References {
		if r.Status == "in_the_making" {
			missing[LinkTo(KindReference, r.ID)] = r
		}
	}
	out := map[Link][]Reference{}
	if len(missing) == 0 {
		return out
	}
	md := newRenderer(func(Link) (string, bool) { return "", false })
	for _, p := range partsOf(c) {
		seen := map[Link]bool{}
		note := func(l Link) {
			if r, ok := missing[l]; ok && l != p.link && !seen[l] {
				seen[l] = true
				out[p.link] = append(out[p.link], r)
			}
		}
		value := reflect.New(reflect.TypeOf(p.value))
		value.Elem().Set(reflect.ValueOf(p.value))
		visit(value.Elem(), rule{}, func(v reflect.Value, _ rule) {
			switch t := v.Addr().Interface().(type) {
			case *Link:
				note(*t)
			case *Text:
				for _, l := range append(md.linksIn(t.NL), md.linksIn(t.EN)...) {
					note(Link(l))
				}
			}
		})
	}
	return out
}

// Missing returns the policy items that no piece carries, in order.
func (x *Index) Missing() []string {
	var out []string
	for _, item := range x.content.PolicyItems {
		if len(x.byItem[item.ID]) == 0 {
			out = append(out, item.ID)
		}
	}
	return out
}

func find[T any](list []T, is func(*T) bool) (*T, bool) {
	for i := range list {
		if is(&list[i]) {
			return &list[i], true
		}
	}
	return nil, false
}
