// Package text knows about words: folding, tokens, sentences and word stems
// in Dutch and English, and a small search index in memory. It knows nothing
// about what the words are about.
//
// Start reading at Words (what a word is), Stem (when two words are the same)
// and Index (how they are found).
package text
