// Command testdb runs a command with one PostgreSQL server for all the tests
// in it, and passes on the command's exit code:
//
//	go run ./tools/testdb -- go test ./...
//
// Without PostgreSQL on the machine it says so and runs the command anyway;
// with REQUIRE_POSTGRES=1 it fails.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"ambassadeur/internal/db/dbtest/pgserver"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: testdb -- command [arguments]")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testdb:", err)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	// The command gets the terminal's Ctrl-C itself; we wait for it to end.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if os.Getenv(pgserver.Env) == "" {
		server, err := pgserver.Start(context.Background())
		switch {
		case err == nil:
			defer server.Stop()
			if err := os.Setenv(pgserver.Env, server.URL); err != nil {
				return 1, err
			}
		case errors.Is(err, pgserver.ErrMissing) && os.Getenv("REQUIRE_POSTGRES") != "1":
			fmt.Fprintln(os.Stderr, "testdb:", err)
		default:
			return 1, err
		}
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	done := make(chan struct{})
	defer close(done)
	go passOn(signals, cmd.Process, done)
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}

// passOn hands a request to stop to the command; Ctrl-C it has already.
func passOn(signals <-chan os.Signal, p *os.Process, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case s := <-signals:
			if s == syscall.SIGTERM {
				_ = p.Signal(s)
			}
		}
	}
}
