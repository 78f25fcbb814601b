package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

func newHandbookCommand(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "handbook",
		Short: "Check, compare, import and export handbooks",
	}
	c.AddCommand(newHandbookCheck(e), newHandbookDiff(e), newHandbookImport(e), newHandbookExport(e), newHandbookSchema(e))
	return c
}

func newHandbookCheck(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "check FOLDER",
		Short: "Say what is wrong in a handbook folder, with file and line",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return problems(handbook.Check(args[0], e.out)) },
	}
}

// problems puts a list of problems on lines of its own.
func problems(err error) error {
	var p *handbook.Problems
	if errors.As(err, &p) {
		return fmt.Errorf("the handbook is not in order:\n%w", p)
	}
	return err
}

func newHandbookDiff(e *env) *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "diff [OLD-FOLDER] FOLDER",
		Short: "Say in words what changed between two folders, or since the edition in force",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, ok := i18n.Parse(lang)
			if !ok {
				return fmt.Errorf("%q is not a language; choose nl or en", lang)
			}
			after, tables, err := handbook.Load(os.DirFS(args[len(args)-1]))
			if err != nil {
				return problems(err)
			}
			before, old, err := e.before(cmd.Context(), args)
			if err != nil {
				return problems(err)
			}
			return handbook.PrintChanges(append(handbook.Diff(before, after), handbook.DiffProjection(old, tables)...), l, e.out)
		},
	}
	c.Flags().StringVar(&lang, "lang", "nl", "language of the words: nl or en")
	return c
}

// before loads what to compare with: the first of two folders, or the edition
// in force.
func (e *env) before(ctx context.Context, args []string) (*handbook.Content, *handbook.Projection, error) {
	if len(args) == 2 {
		return handbook.Load(os.DirFS(args[0]))
	}
	var book *handbook.Index
	err := e.withApp(ctx, func(a *app.App) (err error) {
		book, _, err = a.Handbook.Current(ctx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return book.Content(), book.Projection(), nil
}

// withApp opens the product, lets do use it, and closes it.
func (e *env) withApp(ctx context.Context, do func(*app.App) error) error {
	a, err := e.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.Close())
}

func newHandbookImport(e *env) *cobra.Command {
	var note string
	var tables bool
	c := &cobra.Command{
		Use:   "import FOLDER",
		Short: "Store a handbook folder as a draft edition",
		Long: "Store a handbook folder as a draft edition, or in place of the draft with the same number.\n" +
			"Nothing changes for readers: a draft goes through consultation and adoption first.\n" +
			"With --tables the contacts, locations, channels and functions are shown at once.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, p, err := handbook.Load(os.DirFS(args[0]))
			if err != nil {
				return problems(err)
			}
			return e.withApp(cmd.Context(), func(a *app.App) error {
				ed, err := a.Handbook.Import(cmd.Context(), handbook.System(), c, note)
				if err != nil {
					return err
				}
				fmt.Fprintf(e.out, "edition %d is a draft, id %s\nhash %s\n", ed.Number, ed.ID, ed.Hash)
				if !tables {
					return nil
				}
				return a.Handbook.SetProjection(cmd.Context(), handbook.System(), p)
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "where the text came from")
	c.Flags().BoolVar(&tables, "tables", false, "show the tables of projection/ at once")
	return c
}

func newHandbookExport(e *env) *cobra.Command {
	var id string
	c := &cobra.Command{
		Use:   "export FOLDER",
		Short: "Write the edition in force, or another one, as files into a new folder",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withApp(cmd.Context(), func(a *app.App) error {
				book, _, err := a.Handbook.Current(cmd.Context())
				if err != nil {
					return err
				}
				content := book.Content()
				if id != "" {
					ed, err := a.Handbook.Get(cmd.Context(), id)
					if err != nil {
						return err
					}
					if content, err = a.Handbook.Content(cmd.Context(), id, ed.Version); err != nil {
						return err
					}
				}
				return handbook.ExportTo(args[0], content, book.Projection())
			})
		},
	}
	c.Flags().StringVar(&id, "edition", "", "id of an edition; the one in force without it")
	return c
}

func newHandbookSchema(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of the files of a handbook",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := handbook.Schema()
			if err != nil {
				return err
			}
			_, err = e.out.Write(s)
			return err
		},
	}
}
