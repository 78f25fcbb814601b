package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newBackupCommand(e *env) *cobra.Command {
	keep := 0
	cmd := &cobra.Command{
		Use:   "backup [FOLDER]",
		Short: "Make a backup of everything but the key; the product may run meanwhile",
		Long: `Makes one archive with the database, files, the log of erasures and the settings
without secrets, each with its hash. Without FOLDER it goes to "backups" in the
data folder. The key is never in it: keep a copy of the key file elsewhere.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := ""
			if len(args) == 1 {
				folder = args[0]
			}
			a, err := e.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			path, m, err := a.Backup(cmd.Context(), folder, keep)
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "%s\n%d files, audit trail up to number %d\n", path, len(m.Members), m.Trail)
			for _, key := range m.Damaged {
				fmt.Fprintf(e.err, "left out because it is damaged: file %s\n", key)
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "remove older backups in the folder, all but this many; 0 keeps all")
	return cmd
}
