package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
	"ambassadeur/internal/audit"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/people"
)

func newUserCommand(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Look after the persons who can sign in",
		Long: `Adds persons, lets them in and keeps them out. The first administrator begins here:

  ambassadeur user add --name "Your Name" --email you@example.org --audience staff --function beheerder
  ambassadeur user signin-link ID`,
	}
	cmd.AddCommand(newUserAddCommand(e), newUserListCommand(e), newUserDisableCommand(e), newUserEraseCommand(e), newUserLinkCommand(e), newUserCardCommand(e))
	return cmd
}

// withPeople opens the product for one command about persons and gives faults
// their words.
func (e *env) withPeople(ctx context.Context, do func(a *app.App) error) error {
	a, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	err = do(a)
	if f, ok := fault.As(err); ok {
		words := i18n.For(i18n.EN).M(f.Key, f.Args)
		if f.Hint != "" {
			words += " " + i18n.For(i18n.EN).M(f.Hint, f.Args)
		}
		return errors.New(words)
	}
	return err
}

func newUserAddCommand(e *env) *cobra.Command {
	var p people.Person
	var audiences, relations []string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add a person and print the id",
		Long: `Adds a person. An e-mail address is not needed: a card signs in without one.
A relation is KIND=ID or KIND=ID/DEPUTY, where KIND is manager, support_worker or
volunteer_coordinator. Functions are those of the handbook.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, a := range audiences {
				p.Audiences = append(p.Audiences, people.Audience(a))
			}
			for _, text := range relations {
				r, err := parseRelation(text)
				if err != nil {
					return err
				}
				p.Relations = append(p.Relations, r)
			}
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				if err := checkFunctions(cmd.Context(), a, p.Functions); err != nil {
					return err
				}
				added, err := a.People.Create(cmd.Context(), audit.System, p)
				if err != nil {
					return err
				}
				fmt.Fprintln(e.out, added.ID)
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&p.Name, "name", "", "name, as others see it")
	flags.StringVar(&p.Email, "email", "", "e-mail address; may be left out")
	flags.StringVar(&p.Display.Lang, "lang", "nl", "language: nl or en")
	flags.StringSliceVar(&audiences, "audience", nil, "client, staff or volunteer; may be given more than once")
	flags.StringSliceVar(&p.Functions, "function", nil, "function of the handbook, such as beheerder")
	flags.StringSliceVar(&relations, "relation", nil, "KIND=ID or KIND=ID/DEPUTY")
	return cmd
}

func parseRelation(text string) (people.Relation, error) {
	kind, ids, ok := strings.Cut(text, "=")
	if !ok {
		return people.Relation{}, fmt.Errorf("--relation %q: write KIND=ID or KIND=ID/DEPUTY", text)
	}
	to, deputy, _ := strings.Cut(ids, "/")
	return people.Relation{Kind: people.RelationKind(kind), To: to, Deputy: deputy}, nil
}

// checkFunctions refuses a function that the handbook does not know: it would
// give nothing, silently.
func checkFunctions(ctx context.Context, a *app.App, functions []string) error {
	if len(functions) == 0 {
		return nil
	}
	known, err := functionIDs(ctx, a)
	if err != nil {
		return err
	}
	for _, f := range functions {
		if !slices.Contains(known, f) {
			return fmt.Errorf("the handbook has no function %q; it has: %s", f, strings.Join(known, ", "))
		}
	}
	return nil
}

func functionIDs(ctx context.Context, a *app.App) ([]string, error) {
	book, err := a.Book(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, f := range book.Projection().Officers.Functions {
		ids = append(ids, f.ID)
	}
	return ids, nil
}

func newUserListCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List persons with their ids and functions",
		Long:  "Lists everybody. It does not say who belongs to which audience: that somebody is a client is nobody else's business.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				list, err := a.People.List(cmd.Context())
				if err != nil {
					return err
				}
				for _, p := range list {
					state := ""
					if p.Disabled {
						state = "disabled"
					}
					fmt.Fprintln(e.out, strings.TrimRight(fmt.Sprintf("%-36s  %-28s  %-8s  %s", p.ID, p.Name, state, strings.Join(p.Functions, ", ")), " "))
				}
				return nil
			})
		},
	}
}

func newUserDisableCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "disable ID",
		Short: "Sign a person out everywhere and let them in no more",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				return a.People.Disable(cmd.Context(), audit.System, args[0])
			})
		},
	}
}

func newUserEraseCommand(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "erase ID",
		Short: "Erase a person, in restored backups too; this cannot be undone",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				if _, err := a.People.Get(cmd.Context(), args[0]); err != nil {
					return err
				}
				return a.People.Erase(cmd.Context(), audit.System, args[0])
			})
		},
	}
}

func newUserLinkCommand(e *env) *cobra.Command {
	var forget bool
	cmd := &cobra.Command{
		Use:   "signin-link ID",
		Short: "Print a link that signs a person in, once, within half an hour",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				if forget {
					if err := a.People.ForgetPasskeys(cmd.Context(), audit.System, args[0]); err != nil {
						return err
					}
				}
				link, err := a.People.SignInLink(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				fmt.Fprintln(e.out, link)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&forget, "forget-passkeys", false, "remove all passkeys of the person first, so that a new one can be made")
	return cmd
}

func newUserCardCommand(e *env) *cobra.Command {
	var png string
	cmd := &cobra.Command{
		Use:   "card ID",
		Short: "Make a card to sign in with and print the address in its code",
		Long: `Makes a card and revokes the one that the person had. Each device that opens the
card waits until the support worker or communications lets it in.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withPeople(cmd.Context(), func(a *app.App) error {
				m := people.Maker{Console: true}
				card, err := a.People.MakeCard(cmd.Context(), m, args[0])
				if err != nil {
					return err
				}
				_, address, err := a.People.CardToPrint(cmd.Context(), m, card.ID)
				if err != nil {
					return err
				}
				if png != "" {
					if err := qrcode.WriteFile(address, qrcode.Medium, 600, png); err != nil {
						return fmt.Errorf("write %s: %w", png, err)
					}
				}
				fmt.Fprintln(e.out, address)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&png, "png", "", "also write the code as a picture into this file")
	return cmd
}
