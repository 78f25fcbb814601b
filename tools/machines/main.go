// Command machines prints docs/state-machines.md: the tables that the program
// itself runs on, each with a diagram.
package main

import (
	"fmt"
	"os"

	"ambassadeur/internal/handbook"
)

func main() {
	if _, err := os.Stdout.WriteString(document()); err != nil {
		fmt.Fprintln(os.Stderr, "machines:", err)
		os.Exit(1)
	}
}

// machine is a table with what a reader wants to know first.
type machine struct {
	title, about string
	table        []handbook.Transition
}

func machines() []machine {
	return []machine{
		{
			"Edition of the handbook",
			"The register (`internal/handbook/edition.go`) runs on it. At most one edition is in force. A correction makes a further version of the edition in force; words only.",
			handbook.EditionTransitions(),
		},
		{
			"Acknowledgement",
			"One person and one edition (`internal/handbook/acknowledgement.go`). Nothing in the product waits for it. `material_edition` crosses editions: " +
				"the confirmation of the old text stays as it is, and the invitation is for the new one.",
			handbook.AckTransitions(),
		},
	}
}
