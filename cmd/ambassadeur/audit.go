package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ambassadeur/internal/audit"
)

func newAuditCommand(e *env) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Look after the audit trail"}
	cmd.AddCommand(newAuditVerifyCommand(e), newAuditPruneCommand(e))
	return cmd
}

func newAuditVerifyCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Follow the whole audit trail and name the first entry that is wrong",
		Long: `Follows the chain from the last checkpoint to the end. Note the number and the hash
that it prints somewhere else now and then: they show later whether the whole
database was put back to an earlier state.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			r, err := a.Audit.Verify(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "the audit trail holds: %d entries, %d pruned before them\nlast number %d, hash %x\n", r.Entries, r.Pruned, r.Last, r.Hash)
			return nil
		},
	}
}

func newAuditPruneCommand(e *env) *cobra.Command {
	days := 2 * 365
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove old audit entries behind a signed checkpoint",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 {
				return fmt.Errorf("--older-than is a number of days, at least 1")
			}
			a, err := e.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			n, err := a.Audit.Prune(cmd.Context(), audit.System, time.Now().AddDate(0, 0, -days))
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "removed %d entries\n", n)
			return nil
		},
	}
	cmd.Flags().IntVar(&days, "older-than", days, "age in days of the entries to remove")
	return cmd
}
