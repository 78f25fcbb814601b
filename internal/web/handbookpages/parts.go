package handbookpages

import (
	"strconv"
	"strings"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/ui"
)

// shownKey is the sentence that says whose texts a page shows. It names no
// audience: a page on a screen or on paper tells nobody that its reader is a
// client.
func shownKey(a handbook.Audience) string {
	if a == "" {
		return "book.shown-all"
	}
	return "book.shown-mine"
}

// plain is a text without its markup, for attributes and hidden words.
func plain(r reading, t handbook.Text) string { return handbook.Plain(r.say(t)) }

// copyBox is a text of an idea to take over, with as many rows as it needs.
func copyBox(r reading, idea string, n int, c handbook.Copyable) ui.CopyProps {
	text := strings.TrimSpace(r.say(c.Text))
	rows := 1
	for line := range strings.Lines(text) {
		rows += 1 + len(line)/45 // a phone shows about 35 letters on a line, a wide screen 70
	}
	return ui.CopyProps{ID: idea + "-tekst-" + strconv.Itoa(n+1), Label: r.say(c.Label), Text: text, Rows: min(rows, 12)}
}

// lines are the lines of a text to take over, without empty ones.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
