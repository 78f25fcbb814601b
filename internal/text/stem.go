package text

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
)

// Stem reduces a folded word to its stem: "groepen" and "groep" to "groep".
// lang is "nl" or "en"; for any other the word is returned as it is.
func Stem(lang, word string) string {
	if len(word) < 3 || len(word) > 60 {
		return word
	}
	env := snowballstem.NewEnv(word)
	switch lang {
	case "nl":
		dutch.Stem(env)
	case "en":
		english.Stem(env)
	}
	return env.Current()
}

// common holds the words that say nothing about what a text is about.
func common(lang, word string) bool {
	switch lang {
	case "nl":
		switch word {
		case "de", "het", "een", "en", "van", "ik", "te", "dat", "die", "in", "je", "jij", "is", "op", "aan", "met",
			"voor", "er", "om", "dan", "of", "zo", "als", "bij", "ook", "maar", "wat", "hoe", "mag", "kan", "dit", "zijn",
			"wij", "we", "ze", "zij", "hij", "naar", "mijn", "jouw", "ons", "onze", "heb", "wil", "moet", "over", "uit":
			return true
		}
	case "en":
		switch word {
		case "the", "a", "an", "and", "of", "to", "in", "is", "it", "you", "i", "that", "for", "on", "with", "as", "at",
			"by", "or", "be", "are", "we", "they", "this", "my", "your", "our", "do", "can", "may", "how", "what", "about":
			return true
		}
	}
	return false
}
