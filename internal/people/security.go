package people

import (
	"context"
	"database/sql"
	"fmt"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/mail"
)

// SecurityMail is the job that tells somebody that a way to sign in was added.
type SecurityMail struct {
	PersonID string `json:"person_id"`
}

// Kind names the job.
func (SecurityMail) Kind() string { return "people.security_mail" }

// SendSecurityMail is the work of SecurityMail. Somebody without an address,
// or who is gone, gets none.
func (s *Service) SendSecurityMail(ctx context.Context, personID string) error {
	p, err := s.Get(ctx, personID)
	if fault.KindOf(err) == fault.NotFound && err != nil || err == nil && p.Email == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("send security mail: %w", err)
	}
	m, err := mail.Compose(i18n.For(i18n.Lang(p.Display.Lang)), mail.Security, s.Site, p.Email, s.BaseURL+"/mijn/apparaten")
	if err != nil {
		return fmt.Errorf("send security mail: %w", err)
	}
	return s.deliver(ctx, m)
}

// warn tells a person that a way to sign in was added, if they have an address.
func (s *Service) warn(ctx context.Context, tx *sql.Tx, p Person) error {
	if p.Email == "" {
		return nil
	}
	return s.Enqueue(ctx, tx, SecurityMail{PersonID: p.ID})
}
