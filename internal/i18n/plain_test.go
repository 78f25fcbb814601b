package i18n

import (
	"regexp"
	"strings"
	"testing"

	"ambassadeur/internal/text"
)

const (
	maxWords = 15 // in a sentence that clients read
	maxMean  = 10 // over all sentences of a language
)

// hardWords are Dutch words for which there is a plain one.
var hardWords = regexp.MustCompile(`(?i)\b(indien|betreffende|derhalve|dient te|dienen te|conform|middels|faciliter\w*|eventueel|tevens|desgewenst|uiteraard|daadwerkelijk|optimaliser\w*|participer\w*|inzake|omtrent|teneinde|alsmede|reeds|gaarne)\b`)

// arguments of a message count as one word.
var slot = regexp.MustCompile(`\{\{[^}]*\}\}`)

func TestPlainLanguage(t *testing.T) {
	for _, l := range Langs() {
		words, sentences := 0, 0
		for _, key := range Keys(l) {
			for _, raw := range Raw(l, key) {
				say := slot.ReplaceAllString(raw, "X")
				if l == NL {
					if w := hardWords.FindString(say); w != "" {
						t.Errorf("%s: %q holds the hard word %q; say it plainly", key, say, w)
					}
				}
				for _, s := range text.Sentences(say) {
					n := text.Count(s)
					words, sentences = words+n, sentences+1
					if n > maxWords {
						t.Errorf("%s (%s): a sentence of %d words, at most %d: %q", key, l, n, maxWords, strings.TrimSpace(s))
					}
				}
			}
		}
		if sentences == 0 || words/sentences >= maxMean {
			t.Errorf("%s: %d words in %d sentences; at most %d on average", l, words, sentences, maxMean)
		}
	}
}
