package handbook

import (
	"strings"
	"unicode/utf8"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/text"
)

const (
	maxResults   = 50
	snippetRunes = 160
)

// Result is a piece that a search found, with the sentence that shows why.
type Result struct {
	Piece   Piece
	Title   string
	Snippet []Span // plain words, to be escaped by the page
}

// Span is a stretch of a snippet; Hit marks a word that was searched for.
type Span struct {
	Text string
	Hit  bool
}

// searchIndex is the search over one language of an edition.
type searchIndex struct {
	lang   i18n.Lang
	index  *text.Index
	pieces []int
	bodies []string
}

func newSearchIndex(x *Index, lang i18n.Lang) *searchIndex {
	s := &searchIndex{lang: lang, index: text.NewIndex(string(lang))}
	bodies := x.bodies(lang)
	for i, p := range x.pieces {
		if p.Kind == KindPage {
			continue
		}
		body := bodies[p.Link]
		s.index.Add(text.Field{Text: Plain(p.Title.In(lang)), Weight: 3}, text.Field{Text: body, Weight: 1})
		s.pieces = append(s.pieces, i)
		s.bodies = append(s.bodies, body)
	}
	s.index.Finish()
	return s
}

// bodies gives the plain words of each piece, without its title.
func (x *Index) bodies(lang i18n.Lang) map[Link]string {
	out := map[Link]string{}
	add := func(l Link, texts ...Text) {
		var words []string
		for _, t := range texts {
			if s := Plain(t.In(lang)); s != "" {
				words = append(words, s)
			}
		}
		out[l] = strings.Join(words, " ")
	}
	c := x.content
	for _, ch := range c.Chapters {
		add(LinkTo(KindChapter, ch.ID), ch.Summary)
		for _, s := range ch.Sections {
			for _, i := range s.Ideas {
				texts := []Text{i.Text, i.Why}
				if i.Example != nil {
					texts = append(texts, *i.Example)
				}
				for _, cp := range i.Copy {
					texts = append(texts, cp.Label, cp.Text)
				}
				add(LinkTo(KindIdea, ch.ID+"/"+i.ID), append(texts, s.Title)...)
			}
		}
	}
	for _, card := range c.Cards.Cards {
		add(LinkTo(KindCard, card.ID), card.Example, card.Why)
	}
	for _, g := range c.Guides {
		add(LinkTo(KindGuide, g.ID), append([]Text{g.Intro}, stepTexts(g.Steps)...)...)
	}
	for _, l := range c.Checklists {
		add(LinkTo(KindChecklist, l.ID), append([]Text{l.Intro}, stepTexts(l.Points)...)...)
	}
	for _, h := range c.Helpers {
		texts := []Text{h.Intro}
		for _, q := range h.Questions {
			texts = append(texts, q.Text)
		}
		for _, o := range h.Outcomes {
			texts = append(texts, o.Title, o.Text)
		}
		add(LinkTo(KindHelper, h.ID), texts...)
	}
	for _, p := range c.Platforms {
		add(LinkTo(KindPlatform, p.ID), p.Note)
	}
	for _, r := range c.References {
		add(LinkTo(KindReference, r.ID), r.Text)
	}
	for _, o := range c.OpenEnds {
		add(LinkTo(KindOpenEnd, o.ID), o.Text)
	}
	return out
}

func stepTexts(steps []Step) []Text {
	var out []Text
	for _, s := range steps {
		out = append(out, s.Text)
		if s.Hint != nil {
			out = append(out, *s.Hint)
		}
	}
	return out
}

// Search finds pieces by words, best first: word forms and parts of compounds
// count, the last word may be unfinished. The empty audience finds
// everything. Queries are cut off at text.MaxQueryRunes.
func (x *Index) Search(query string, lang i18n.Lang, a Audience) []Result {
	build, ok := x.search[lang]
	if !ok {
		build = x.search[i18n.NL]
	}
	s := build()
	var out []Result
	matches := s.index.Matches(query)
	for _, hit := range s.index.Query(query, len(s.pieces)) {
		p := x.pieces[s.pieces[hit.Doc]]
		if !p.For(a) {
			continue
		}
		out = append(out, Result{Piece: p, Title: Plain(p.Title.In(s.lang)), Snippet: snippet(s.bodies[hit.Doc], matches)})
		if len(out) == maxResults {
			break
		}
	}
	return out
}

// snippet cuts the part of a text around the first word that matches.
func snippet(body string, matches func(string) bool) []Span {
	words := text.Words(body)
	first := -1
	for i, w := range words {
		if matches(w.Text) {
			first = i
			break
		}
	}
	start, end := 0, len(body)
	if first > 6 {
		start = words[first-6].Start
	}
	if cut := runesAfter(body[start:], snippetRunes); cut < len(body)-start {
		end = start + cut
		for i := len(words) - 1; i >= 0; i-- { // end on a whole word
			if words[i].End <= end {
				end = max(words[i].End, start)
				break
			}
		}
	}
	return mark(body, words, start, end, matches)
}

func mark(body string, words []text.Token, start, end int, matches func(string) bool) []Span {
	var out []Span
	put := func(s string, hit bool) {
		if s != "" {
			out = append(out, Span{s, hit})
		}
	}
	if start > 0 {
		put("… ", false)
	}
	at := start
	for _, w := range words {
		if w.Start < start || w.End > end || !matches(w.Text) {
			continue
		}
		put(body[at:w.Start], false)
		put(w.Text, true)
		at = w.End
	}
	put(body[at:end], false)
	if end < len(body) {
		put(" …", false)
	}
	return out
}

// runesAfter returns the byte length of the first n characters.
func runesAfter(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}
