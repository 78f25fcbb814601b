package handbookpages_test

import (
	"regexp"
	"strings"
	"testing"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/text"
)

const longest = 15 // words in a sentence

var (
	argument = regexp.MustCompile(`\{\{[^}]*\}\}`)
	// heavy are words that the house does not use.
	heavy = regexp.MustCompile(`(?i)\b(indien|betreffende|derhalve|dient te|conform|middels|faciliteren|eventueel|tevens|desgewenst|uiteraard|daadwerkelijk|u|uw)\b`)
)

func TestCatalogIsPlain(t *testing.T) {
	for _, lang := range i18n.Langs() {
		sentences, total := 0, 0
		for _, key := range i18n.Keys(lang) {
			if !strings.HasPrefix(key, "book.") {
				continue
			}
			for _, raw := range i18n.Raw(lang, key) {
				said := argument.ReplaceAllString(raw, "x")
				if bad := heavy.FindString(said); bad != "" && lang == i18n.NL {
					t.Errorf("%s: %q holds %q", key, said, bad)
				}
				for _, s := range text.Sentences(said) {
					n := len(text.Words(s))
					if n > longest {
						t.Errorf("%s %s: %d words in %q", lang, key, n, s)
					}
					sentences, total = sentences+1, total+n
				}
			}
		}
		if sentences == 0 || float64(total)/float64(sentences) > 10 {
			t.Errorf("%s: %d sentences of %d words", lang, sentences, total)
		}
	}
}
