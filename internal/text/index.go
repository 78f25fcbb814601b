package text

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
)

// Bounds of one query: more than this helps nobody and costs all.
const (
	MaxQueryRunes = 120
	maxQueryWords = 8
	minHead       = 3 // letters of the shortest first part of a compound
	minTail       = 4 // and of its last
)

// Field is a part of a document with its weight: a title counts more than a
// body.
type Field struct {
	Text   string
	Weight float64
}

// Hit is a document that matches, best first.
type Hit struct {
	Doc   int // the number that Add returned
	Score float64
}

// Index finds documents by word forms, by the parts of compounds and, for the
// last word of a query, by beginnings. It is built once, then read by many.
type Index struct {
	lang     string
	docs     int
	postings map[string][]posting // stem → documents, in order of number
	words    map[string]string    // folded word → stem
	compound map[string][]string  // folded word → the stems of its parts
	sorted   []string             // the folded words, for beginnings
}

type posting struct {
	doc    int
	weight float64
}

// NewIndex makes an index for texts in a language, "nl" or "en".
func NewIndex(lang string) *Index {
	return &Index{lang: lang, postings: map[string][]posting{}, words: map[string]string{}, compound: map[string][]string{}}
}

// Add takes in a document and returns its number, from 0. After the last one
// call Finish.
func (x *Index) Add(fields ...Field) int {
	doc := x.docs
	x.docs++
	for _, f := range fields {
		for _, t := range Words(f.Text) {
			for _, w := range forms(t.Text) {
				stem, ok := x.words[w]
				if !ok {
					stem = x.stem(w)
					x.words[w] = stem
				}
				x.put(stem, doc, f.Weight)
			}
		}
	}
	return doc
}

// forms are the folded words that a token can be found by: itself, and the
// parts of a word with signs in it.
func forms(token string) []string {
	folded := Fold(token)
	out := []string{folded}
	parts := strings.FieldsFunc(folded, func(r rune) bool { return !isLetter(r) })
	if len(parts) > 1 {
		out = append(out, strings.Join(parts, ""))
		for _, p := range parts {
			if len(p) > 1 {
				out = append(out, p)
			}
		}
	}
	return out
}

func (x *Index) put(stem string, doc int, weight float64) {
	list := x.postings[stem]
	if n := len(list); n > 0 && list[n-1].doc == doc {
		// The same word again counts, and ever less.
		list[n-1].weight = max(list[n-1].weight, weight) + math.Min(list[n-1].weight, weight)*0.1
		return
	}
	x.postings[stem] = append(list, posting{doc, weight})
}

// Finish learns the compounds: a long word that is made of two words of the
// index is found by each of them as well.
func (x *Index) Finish() {
	x.sorted = make([]string, 0, len(x.words))
	for w := range x.words {
		x.sorted = append(x.sorted, w)
	}
	sort.Strings(x.sorted)
	extra := map[string][]posting{}
	for _, w := range x.sorted {
		parts := x.parts(w)
		if parts != nil {
			x.compound[w] = parts
		}
		for _, part := range parts {
			if stem := x.words[w]; part != stem {
				extra[part] = append(extra[part], x.postings[stem]...)
			}
		}
	}
	for part, list := range extra {
		for _, p := range list {
			x.postings[part] = append(x.postings[part], posting{p.doc, p.weight * 0.6})
		}
		x.postings[part] = unite(x.postings[part])
	}
}

// unite sorts postings by document and keeps the best of each.
func unite(list []posting) []posting {
	slices.SortFunc(list, func(a, b posting) int {
		return cmp.Or(cmp.Compare(a.doc, b.doc), cmp.Compare(b.weight, a.weight))
	})
	return slices.CompactFunc(list, func(a, b posting) bool { return a.doc == b.doc })
}

// parts returns the stems of the two words that a compound is made of, or nil.
// Between them may stand the s or en that Dutch puts there.
func (x *Index) parts(word string) []string {
	if len(word) < minHead+minTail {
		return nil
	}
	for cut := len(word) - minTail; cut >= minHead; cut-- {
		tail, ok := x.known(word[cut:])
		if !ok {
			continue
		}
		for _, glue := range []string{"", "s", "en", "e", "n"} {
			head, has := strings.CutSuffix(word[:cut], glue)
			if !has || len(head) < minHead {
				continue
			}
			if stem, ok := x.known(head); ok {
				return []string{stem, tail}
			}
		}
	}
	return nil
}

// known returns the stem of a word when a document holds that word or stem.
func (x *Index) known(word string) (string, bool) {
	if stem, ok := x.words[word]; ok {
		return stem, true
	}
	stem := x.stem(word)
	_, ok := x.postings[stem]
	return stem, ok
}

// Query finds documents that hold every word of the query or, when there are
// none, those that hold most of them.
func (x *Index) Query(query string, limit int) []Hit {
	words := x.queryWords(query)
	if len(words) == 0 || limit <= 0 {
		return nil
	}
	scores := make([]float64, x.docs)
	found := make([]int, x.docs)
	for i, w := range words {
		for _, p := range x.match(w, i == len(words)-1) {
			scores[p.doc] += p.weight
			found[p.doc]++
		}
	}
	best := slices.Max(append(found, 0))
	if best == 0 {
		return nil
	}
	var hits []Hit
	for doc, n := range found {
		if n == best {
			hits = append(hits, Hit{doc, scores[doc]})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(limit, len(hits))]
}

// queryWords cuts a query to its words, without the common ones unless there
// is nothing else.
func (x *Index) queryWords(query string) []string {
	if r := []rune(query); len(r) > MaxQueryRunes {
		query = string(r[:MaxQueryRunes])
	}
	var all, telling []string
	for _, t := range Words(query) {
		w := Fold(t.Text)
		if slices.Contains(all, w) {
			continue
		}
		all = append(all, w)
		if !common(x.lang, w) {
			telling = append(telling, w)
		}
	}
	if len(telling) > 0 {
		all = telling
	}
	return all[:min(maxQueryWords, len(all))]
}

// match returns the documents for one word of a query, weighted by how rare
// the word is: its stem, else the parts of it as a compound, and for the last
// word what begins with it.
func (x *Index) match(word string, last bool) []posting {
	list := x.weigh(x.postings[x.stem(word)], 1)
	if parts := x.parts(word); len(list) == 0 && parts != nil {
		list = shared(x.weigh(x.postings[parts[0]], 0.5), x.weigh(x.postings[parts[1]], 0.5))
	}
	if stem := x.stem(word); len(stem) >= minTail {
		for _, w := range x.sorted {
			if endsIn(w, x.words[w], stem) {
				list = append(list, x.weigh(x.postings[x.words[w]], 0.4)...)
			}
		}
	}
	if last && len(word) >= 2 {
		i := sort.SearchStrings(x.sorted, word)
		for ; i < len(x.sorted) && strings.HasPrefix(x.sorted[i], word); i++ {
			list = append(list, x.weigh(x.postings[x.words[x.sorted[i]]], 0.7)...)
		}
	}
	return unite(list)
}

// endsIn says whether a word is a compound whose last part has the stem:
// "appgroepen" for "groep".
func endsIn(word, own, stem string) bool {
	head, ok := strings.CutSuffix(own, stem)
	return ok && len(head) >= minHead && len(word) > len(stem)
}

// shared keeps what stands in both lists or, when nothing does, all of both.
func shared(a, b []posting) []posting {
	all := append(a, b...)
	slices.SortFunc(all, func(p, q posting) int { return cmp.Compare(p.doc, q.doc) })
	var both []posting
	for i := 1; i < len(all); i++ {
		if all[i].doc == all[i-1].doc {
			both = append(both, posting{all[i].doc, all[i].weight + all[i-1].weight})
		}
	}
	if both == nil {
		return all
	}
	return both
}

// stem reduces a word until nothing more comes off: one pass takes
// "plaatsen" to "plaats" and "plaats" to "plat", which must meet.
func (x *Index) stem(word string) string {
	if stem, ok := x.words[word]; ok {
		return stem
	}
	for range 3 {
		next := Stem(x.lang, word)
		if next == word {
			break
		}
		word = next
	}
	return word
}

func (x *Index) weigh(list []posting, factor float64) []posting {
	out := make([]posting, len(list))
	rare := math.Log(1 + float64(x.docs)/float64(1+len(list)))
	for i, p := range list {
		out[i] = posting{p.doc, p.weight * rare * factor}
	}
	return out
}

// Matches returns a function that says whether a word of a text is one that
// the query was looking for; it marks words in a snippet.
func (x *Index) Matches(query string) func(word string) bool {
	words := x.queryWords(query)
	if len(words) == 0 {
		return func(string) bool { return false }
	}
	stems := map[string]bool{}
	for _, w := range words {
		stems[x.stem(w)] = true
		if len(x.postings[x.stem(w)]) == 0 {
			for _, part := range x.parts(w) {
				stems[part] = true
			}
		}
	}
	last := words[len(words)-1]
	return func(word string) bool {
		for _, w := range forms(word) {
			own := x.stem(w)
			if stems[own] || (len(last) >= 2 && strings.HasPrefix(w, last)) {
				return true
			}
			for stem := range stems {
				if len(stem) >= minTail && endsIn(w, own, stem) {
					return true
				}
			}
			if slices.ContainsFunc(x.compound[w], func(part string) bool { return stems[part] }) {
				return true
			}
		}
		return false
	}
}
