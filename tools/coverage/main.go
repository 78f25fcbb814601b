// Command coverage prints docs/policy-coverage.md: where the product carries
// each item of the policy, and the test that shows it.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	lines, err := cover()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
	w := bufio.NewWriter(os.Stdout)
	print(w, lines)
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}
