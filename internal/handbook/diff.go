package handbook

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"ambassadeur/internal/i18n"
)

// ChangeKind is what happened to a piece between two editions.
type ChangeKind string

// The kinds of change.
const (
	Added    ChangeKind = "added"
	Removed  ChangeKind = "removed"
	Changed  ChangeKind = "changed"
	Stronger ChangeKind = "strength" // the strength of a rule became another
	Adopted  ChangeKind = "adopted"  // a proposal became policy
)

// Change is one difference between two editions, or between two states of
// the projections. Words says it in a sentence.
type Change struct {
	What     ChangeKind
	Of       string // what changed: a PieceKind, or "book", "officer", "channel", "location", "contacts", "items"
	Link     Link   // where it is; of a removed piece, where it was
	Title    Text
	Aspects  []string // what about it: "text", "why", "audience" … for Changed
	From, To Strength // for Stronger
	Audience []Audience
	Details  []Detail // the words before and after, for Changed
}

// Detail is one text that became another.
type Detail struct {
	Aspect   string
	Old, New Text
}

// Material says whether the change touches what somebody may or should do:
// a rule that came, went, or became firmer or lighter.
func (c Change) Material() bool {
	if c.What == Stronger || c.What == Adopted {
		return true
	}
	rule := c.From != "" || c.To != ""
	return rule && (c.What == Added || c.What == Removed || slices.Contains(c.Aspects, "text") || slices.Contains(c.Aspects, "audience"))
}

// For says whether the change matters to an audience; the empty audience
// sees all.
func (c Change) For(a Audience) bool { return a == "" || Has(c.Audience, a) }

// Words says the change in a sentence, from the catalog.
func (c Change) Words(p i18n.Printer) string {
	aspects := make([]string, 0, len(c.Aspects))
	for _, a := range c.Aspects {
		aspects = append(aspects, p.T("edition.aspect."+a))
	}
	return p.T("edition.change."+string(c.What), "Kind", p.T("edition.kind."+c.Of), "Title", Plain(c.Title.In(p.Lang())),
		"Aspects", strings.Join(aspects, ", "), "From", c.From.words(p), "To", c.To.words(p))
}

func (s Strength) words(p i18n.Printer) string {
	if s == "" {
		return p.T("edition.strength.none")
	}
	return p.T("edition.strength." + string(s))
}

// part is a piece with its value, as Diff compares them.
type part struct {
	of       string
	link     Link
	title    Text
	audience []Audience
	strength Strength
	value    any // struct, compared field by field
}

// Diff lists what changed from one content to another, in the order of the
// new one; what was removed comes last. A nil old makes everything new.
func Diff(old, new *Content) []Change {
	var before []part
	if old != nil {
		before = partsOf(old)
	}
	changes := diffParts(before, partsOf(new))
	if old != nil && old.Cards.Status == "proposal" && new.Cards.Status == "adopted" {
		changes = append(changes, Change{What: Adopted, Of: "cards", Link: LinkTo(KindPage, "cards"), Audience: Audiences()})
	}
	return changes
}

// DiffProjection lists what changed in the tables beside the edition.
func DiffProjection(old, new *Projection) []Change {
	var before []part
	if old != nil {
		before = projectionParts(old)
	}
	return diffParts(before, projectionParts(new))
}

func diffParts(before, after []part) []Change {
	was := make(map[string]part, len(before))
	for _, p := range before {
		was[p.of+" "+string(p.link)] = p
	}
	var out []Change
	for _, p := range after {
		key := p.of + " " + string(p.link)
		o, ok := was[key]
		delete(was, key)
		if !ok {
			out = append(out, Change{What: Added, Of: p.of, Link: p.link, Title: p.title, To: p.strength, Audience: p.audience})
			continue
		}
		out = append(out, compare(o, p)...)
	}
	for _, p := range before {
		if _, gone := was[p.of+" "+string(p.link)]; gone {
			out = append(out, Change{What: Removed, Of: p.of, Link: p.link, Title: p.title, From: p.strength, Audience: p.audience})
		}
	}
	return out
}

func compare(o, n part) []Change {
	both := union(o.audience, n.audience)
	var out []Change
	if o.strength != n.strength {
		out = append(out, Change{What: Stronger, Of: n.of, Link: n.link, Title: n.title, From: o.strength, To: n.strength, Audience: both})
	}
	c := Change{What: Changed, Of: n.of, Link: n.link, Title: n.title, From: o.strength, To: n.strength, Audience: both}
	ov, nv := reflect.ValueOf(o.value), reflect.ValueOf(n.value)
	for i, r := range rulesOf(nv.Type()) {
		if r.name == "strength" || same(ov.Field(i).Interface(), nv.Field(i).Interface()) {
			continue
		}
		c.Aspects = append(c.Aspects, aspect(r.name))
		c.detail(r.name, ov.Field(i), nv.Field(i))
	}
	c.Aspects = slices.Compact(c.Aspects)
	if len(c.Aspects) > 0 {
		out = append(out, c)
	}
	return out
}

// detail keeps the words before and after, where a field is one text.
func (c *Change) detail(name string, old, new reflect.Value) {
	o, ok1 := asText(old)
	n, ok2 := asText(new)
	if ok1 && ok2 {
		c.Details = append(c.Details, Detail{aspect(name), o, n})
	}
}

func asText(v reflect.Value) (Text, bool) {
	switch t := v.Interface().(type) {
	case Text:
		return t, true
	case *Text:
		if t == nil {
			return Text{}, true
		}
		return *t, true
	}
	return Text{}, false
}

// aspect maps a key of a file to one of the words of the change list.
func aspect(key string) string {
	switch key {
	case "title", "text", "why", "example", "audience", "items", "steps", "questions", "outcomes", "url", "date", "owner", "status":
		return key
	case "name", "label", "sentence":
		return "title"
	case "intro", "summary", "note", "lead":
		return "text"
	case "points":
		return "steps"
	case "copy":
		return "text"
	case "last_checked", "as_of", "since":
		return "date"
	case "personal", "corporate", "location_page", "all_corporate":
		return "mandate"
	default:
		return "rest"
	}
}

// same compares by canonical form, where no list and an empty list are one.
func same(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, err1 := canonical(a)
	y, err2 := canonical(b)
	empty := func(b []byte) bool { return string(b) == "null" || string(b) == "[]" }
	return err1 == nil && err2 == nil && (bytes.Equal(x, y) || (empty(x) && empty(y)))
}

func union(a, b []Audience) []Audience {
	var out []Audience
	for _, one := range Audiences() {
		if Has(a, one) || Has(b, one) {
			out = append(out, one)
		}
	}
	return out
}

// partsOf cuts a content into what a change list speaks of. A chapter is
// compared without its ideas, which are parts of their own.
func partsOf(c *Content) []part {
	values := map[Link]any{}
	for _, ch := range c.Chapters {
		bare := ch
		bare.Sections = make([]Section, len(ch.Sections))
		for i, s := range ch.Sections {
			bare.Sections[i] = s
			bare.Sections[i].Ideas = nil
			for _, idea := range s.Ideas {
				values[LinkTo(KindIdea, ch.ID+"/"+idea.ID)] = idea
			}
		}
		values[LinkTo(KindChapter, ch.ID)] = bare
	}
	keep(values, KindCard, c.Cards.Cards)
	keep(values, KindGuide, c.Guides)
	keep(values, KindHelper, c.Helpers)
	keep(values, KindChecklist, c.Checklists)
	keep(values, KindPlatform, c.Platforms)
	keep(values, KindReference, c.References)
	keep(values, KindOpenEnd, c.OpenEnds)
	book := c.Book
	book.Edition = EditionInfo{} // the number is not a change
	out := []part{{of: "book", link: LinkTo(KindPage, "home"), title: book.Title, audience: Audiences(), value: book}}
	for _, p := range piecesOf(c) {
		if v, ok := values[p.Link]; ok {
			out = append(out, part{string(p.Kind), p.Link, p.Title, p.Audience, p.Strength, v})
		}
	}
	return out
}

func keep[T any](values map[Link]any, kind PieceKind, list []T) {
	for _, v := range list {
		values[LinkTo(kind, reflect.ValueOf(v).FieldByName("ID").String())] = v
	}
}

func projectionParts(p *Projection) []part {
	who, follow := LinkTo(KindPage, "who"), LinkTo(KindPage, "follow")
	var out []part
	add := func(of string, page Link, id string, title Text, value any) {
		link := page
		if id != "" {
			link += Link("#" + id)
		}
		out = append(out, part{of: of, link: link, title: title, audience: Audiences(), value: value})
	}
	for _, f := range p.Officers.Functions {
		if !f.Hidden {
			add("officer", who, f.ID, f.Label, f)
		}
	}
	for _, c := range p.Channels.Channels {
		add("channel", follow, c.ID, Text{c.Name, c.Name}, c)
	}
	for _, l := range p.Locations.Locations {
		add("location", follow, l.ID, Text{l.Name, l.Name}, l)
	}
	add("contacts", LinkTo(KindPage, "contact"), "", p.Contacts.Department, p.Contacts)
	return out
}
