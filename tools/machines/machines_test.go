package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"ambassadeur/internal/handbook"
)

func TestTheDocumentIsFresh(t *testing.T) {
	kept, err := os.ReadFile("../../docs/state-machines.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != document() {
		t.Error("docs/state-machines.md is stale; run: make generate")
	}
}

func TestEveryTransitionIsInTableAndDiagram(t *testing.T) {
	for _, m := range machines() {
		rows, drawn := table(m.table), diagram(m.table)
		for _, tr := range m.table {
			if !strings.Contains(rows, "| "+tr.From+" | "+tr.Event+" | "+tr.To+" |") || !strings.Contains(drawn, "    "+tr.From+" --> "+tr.To+" : "+tr.Event) {
				t.Errorf("%s: %s at %s is missing", m.title, tr.Event, tr.From)
			}
		}
	}
}

func TestEnds(t *testing.T) {
	if got := ends(handbook.EditionTransitions()); !slices.Equal(got, []string{"superseded", "revoked"}) {
		t.Errorf("an edition ends in %v", got)
	}
	if got := ends(handbook.AckTransitions()); !slices.Equal(got, []string{"lapsed"}) {
		t.Errorf("an acknowledgement ends in %v", got)
	}
}
