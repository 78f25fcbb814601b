package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
)

func newDemoCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Run a demonstration: invented people, this machine only, reaches nobody",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e.environ = append(e.environ, "AMBASSADEUR_DEMO=true")
			a, err := e.open(cmd.Context())
			if err != nil {
				return err
			}
			links, err := a.Demonstrate(cmd.Context())
			if err != nil {
				_ = a.Close()
				return err
			}
			printLinks(e, a, links)
			return a.Run(cmd.Context())
		},
	}
}

func printLinks(e *env, a *app.App, links []app.DemoLink) {
	fmt.Fprintf(e.out, "\nAmbassadeur runs on %s\n", a.Config.BaseURL)
	fmt.Fprintf(e.out, "This is a demonstration. All people are invented and nobody is reached.\n\nSign in as:\n")
	for _, l := range links {
		fmt.Fprintf(e.out, "  %-20s %-44s %s\n", l.Name, l.Description, l.URL)
	}
	fmt.Fprintln(e.out, "\nStop with Ctrl+C.")
}
