// Command ambassadeur turns an organisation's social-media policy into a
// working service. "ambassadeur serve" runs it; the other commands look after
// it. Each command has a file of its own here.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
	"ambassadeur/internal/config"
)

func main() { os.Exit(run(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) }

// run is the program as a value: its arguments and environment go in, its
// exit code comes out. Tests call it too.
func run(args, environ []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &env{environ: environ, out: stdout, err: stderr}
	root := newRootCommand(e)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(stderr, "ambassadeur:", err)
		return 1
	}
	return 0
}

// env is what every command shares.
type env struct {
	environ  []string
	out, err io.Writer
	file     string // of the settings, from --config
}

func newRootCommand(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:           "ambassadeur",
		Short:         "A social-media policy as a working service",
		SilenceUsage:  true,
		SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true,
		},
	}
	root.PersistentFlags().StringVar(&e.file, "config", "", "settings file (YAML); see docs/operations.md")
	root.AddCommand(newServeCommand(e), newDemoCommand(e), newBackupCommand(e), newRestoreCommand(e), newDoctorCommand(e), newAuditCommand(e), newHandbookCommand(e), newUserCommand(e))
	return root
}

// config reads the settings.
func (e *env) config() (config.Config, error) { return config.Load(e.file, e.environ) }

// open reads the settings and opens the product without serving it. The
// caller closes it.
func (e *env) open(ctx context.Context) (*app.App, error) {
	cfg, err := e.config()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, cfg, e.logger(cfg))
}

// logger writes one JSON object a line to stderr. Attributes are ids, counts
// and fault keys, never names or addresses.
func (e *env) logger(cfg config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // config has checked it
	return slog.New(slog.NewJSONHandler(e.err, &slog.HandlerOptions{Level: level}))
}
