package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ambassadeur": func() { os.Exit(run(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/script/*.txt, which read as a manual of the
// commands. Each runs in an empty folder of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}
