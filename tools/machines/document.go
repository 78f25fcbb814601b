package main

import (
	"slices"
	"strings"

	"ambassadeur/internal/handbook"
)

const head = `<!-- Written by tools/machines; make generate makes it anew. -->

# State machines

These tables are the ones in the code. A pair of a state and an event that is not in a table cannot happen: whoever tries gets a
conflict. *Who* is an office, the person it is about, or the program (` + "`system`" + `). *Guard* is what must hold first; *effect* is what
follows in the same transaction.

The ways to sign in have no table: they change state in the conditions of their SQL, so that of two presses at once one wins. The life
of a link is drawn at the top of ` + "`internal/people/link.go`" + `.
`

// document is the whole page.
func document() string {
	var b strings.Builder
	b.WriteString(head)
	for _, m := range machines() {
		b.WriteString("\n## " + m.title + "\n\n" + m.about + "\n\n")
		b.WriteString(table(m.table))
		b.WriteString("\n" + diagram(m.table))
	}
	return b.String()
}

// table is a machine as a table in Markdown.
func table(list []handbook.Transition) string {
	rows := [][]string{{"From", "Event", "To", "Who", "Guard", "Effect"}, {"---", "---", "---", "---", "---", "---"}}
	for _, t := range list {
		rows = append(rows, []string{t.From, t.Event, t.To, t.Who, t.Guard, t.Effect})
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString("| " + strings.Join(r, " | ") + " |\n")
	}
	return b.String()
}

// diagram is a machine for Mermaid: it begins where no event leads from
// elsewhere, which the tables put first, and ends where nothing leads out.
func diagram(list []handbook.Transition) string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> " + list[0].From + "\n")
	for _, t := range list {
		label := t.Event
		if t.Guard != "" {
			label += " [" + t.Guard + "]"
		}
		b.WriteString("    " + t.From + " --> " + t.To + " : " + label + "\n")
	}
	for _, s := range ends(list) {
		b.WriteString("    " + s + " --> [*]\n")
	}
	b.WriteString("```\n")
	return b.String()
}

// ends lists the states without a way out, in the order of the table.
func ends(list []handbook.Transition) []string {
	var out []string
	for _, t := range list {
		leaves := slices.ContainsFunc(list, func(o handbook.Transition) bool { return o.From == t.To })
		if !leaves && !slices.Contains(out, t.To) {
			out = append(out, t.To)
		}
	}
	return out
}
