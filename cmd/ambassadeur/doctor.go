package main

import (
	"errors"

	"github.com/spf13/cobra"

	"ambassadeur/internal/app"
	"ambassadeur/internal/doctor"
	"ambassadeur/internal/i18n"
)

func newDoctorCommand(e *env) *cobra.Command {
	lang := string(i18n.EN)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say in words what is wrong with this installation, and what to do",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			language, ok := i18n.Parse(lang)
			if !ok {
				return errors.New("--lang is nl or en")
			}
			cfg, err := e.config()
			if err != nil {
				return err
			}
			var checks []doctor.Check
			if a, err := app.Open(cmd.Context(), cfg, e.logger(cfg)); err != nil {
				checks = app.ChecksClosed(cfg, err)
			} else {
				defer func() { _ = a.Close() }()
				checks = a.Checks()
			}
			findings := doctor.Run(cmd.Context(), checks...)
			if err := doctor.Write(e.out, i18n.For(language), findings); err != nil {
				return err
			}
			if doctor.Worst(findings) == doctor.Wrong {
				return errors.New("doctor found something wrong")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&lang, "lang", lang, "language of the answer: nl or en")
	return cmd
}
