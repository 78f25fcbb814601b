package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
	"ambassadeur/internal/backup"
)

func newRestoreCommand(e *env) *cobra.Command {
	var force, check bool
	cmd := &cobra.Command{
		Use:   "restore ARCHIVE",
		Short: "Put a backup back, and erase again who was erased since",
		Long: `Verifies the whole archive first and changes nothing when something is wrong with
it. Stop the product before. The key file of the backup's database must be in
its place. Everybody signs in once more afterwards, and mails and jobs that
waited when the backup was made do not run again.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if check {
				m, err := backup.Verify(cmd.Context(), args[0])
				if err == nil {
					describe(e, m)
				}
				return err
			}
			cfg, err := e.config()
			if err != nil {
				return err
			}
			r, err := app.Restore(cmd.Context(), cfg, args[0], force)
			if err != nil {
				return err
			}
			describe(e, r.Manifest)
			fmt.Fprintf(e.out, "put back, with %d files; erased again: %d\n", r.Blobs, r.Erased)
			if r.Kept != "" {
				fmt.Fprintf(e.out, "the database that was there is %s; remove it when all is well\n", r.Kept)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a database that is there; the old file is kept beside it")
	cmd.Flags().BoolVar(&check, "check", false, "only verify the archive")
	return cmd
}

func describe(e *env, m backup.Manifest) {
	fmt.Fprintf(e.out, "the backup of %s is whole: %d files, schema %d, audit trail up to number %d\n",
		m.Time.Format(time.RFC3339), len(m.Members), m.Schema, m.Trail)
}
