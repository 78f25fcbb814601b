package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes words comparable: small letters, no accents, ij as two letters.
// "Cliënten" and "CLIENTEN" fold to the same.
func Fold(s string) string {
	if isSimple(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isSimple(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || ('A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}

// Token is a word and where it stands in the text, in bytes.
type Token struct {
	Text       string // as written
	Start, End int
}

// Words returns the words of a text in order. Letters, digits and the signs
// that hold a word together (apostrophe, hyphen, @, # and the point inside a
// word, as in example.org) belong to a word.
func Words(s string) []Token {
	var out []Token
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, Token{s[start:end], start, end})
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case isLetter(r):
			if start < 0 {
				start = i
			}
		case start >= 0 && isJoiner(r) && letterAfter(s, i, r):
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

func isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func isJoiner(r rune) bool {
	return r == '\'' || r == '’' || r == '-' || r == '‑' || r == '.' || r == '@' || r == '_'
}

func letterAfter(s string, i int, r rune) bool {
	next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
	return isLetter(next)
}

// Count returns the number of words in a text.
func Count(s string) int { return len(Words(s)) }
