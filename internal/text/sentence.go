package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences splits a text into sentences, without the space around them. A
// sentence ends at a line end and at . ! or ? (with a closing quote or
// bracket) before a capital, a digit or an opening quote: the point of an
// abbreviation or of an address ends nothing.
func Sentences(s string) []string { return split(s, false) }

// Clauses splits like Sentences and at a colon too: what somebody reads in
// one go. Sentence length in plain language is counted in these.
func Clauses(s string) []string { return split(s, true) }

func split(s string, colons bool) []string {
	var out []string
	start := 0
	cut := func(end int) {
		if part := strings.TrimSpace(s[start:end]); part != "" && strings.ContainsFunc(part, isLetter) {
			out = append(out, part)
		}
		start = end
	}
	for i, r := range s {
		switch r {
		case '\n':
			cut(i)
		case '.', '!', '?', ':':
			if r == ':' && !colons {
				continue
			}
			if end, ok := endsAt(s, i+1, r == ':'); ok {
				cut(end)
			}
		}
	}
	cut(len(s))
	return out
}

// endsAt looks behind a closing sign and says whether the sentence ends there.
func endsAt(s string, i int, colon bool) (int, bool) {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune("'\"’”»)]", r) {
			break
		}
		i += size
	}
	rest := s[i:]
	trimmed := strings.TrimLeft(rest, " \t\n")
	if trimmed == "" {
		return i, true
	}
	if len(trimmed) == len(rest) {
		return 0, false // no space behind it: an address or a number
	}
	if colon {
		return i, true
	}
	r, _ := utf8.DecodeRuneInString(trimmed)
	return i, unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("'\"‘“«([*", r)
}
