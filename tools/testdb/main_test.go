package main

import (
	"os"
	"testing"

	"ambassadeur/internal/db/dbtest/pgserver"
)

func TestTheExitCodeIsPassedOn(t *testing.T) {
	t.Setenv(pgserver.Env, os.Getenv(pgserver.Env)) // restored afterwards
	for script, want := range map[string]int{`test -n "$` + pgserver.Env + `" && exit 7`: 7, `true`: 0} {
		if code, err := run([]string{"sh", "-c", script}); code != want || err != nil {
			t.Errorf("%s: %d, %v", script, code, err)
		}
	}
	if code, err := run([]string{"/no/such/command"}); code == 0 || err == nil {
		t.Errorf("no such command: %d, %v", code, err)
	}
}
