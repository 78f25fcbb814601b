package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people/oidc"
)

// OrganisationName is what the button for the organisation's own account says,
// or "" when there is none.
func (s *Service) OrganisationName() string {
	if s.Organisation == nil {
		return ""
	}
	return s.Organisation.Name()
}

type organisationCeremony struct {
	Flow     oidc.Flow
	Borrowed bool
}

// BeginOrganisation returns the provider's address for the browser, and the
// cookie that FinishOrganisation wants back.
func (s *Service) BeginOrganisation(ctx context.Context, network string, borrowed bool) (address, cookie string, err error) {
	if s.Organisation == nil {
		return "", "", fault.NewNotFound("people.organisation-off")
	}
	if err := s.spend(ctx, loginByNetwork, network); err != nil {
		return "", "", err
	}
	state, err := s.token()
	if err != nil {
		return "", "", err
	}
	nonce, err := s.token()
	if err != nil {
		return "", "", err
	}
	address, flow, err := s.Organisation.Begin(ctx, state, nonce)
	if err != nil {
		return "", "", organisationFault(err)
	}
	body, err := json.Marshal(organisationCeremony{flow, borrowed})
	if err != nil {
		return "", "", fmt.Errorf("write ceremony: %w", err)
	}
	cookie, err = s.beginCeremony(ctx, "organisation", body)
	return address, cookie, err
}

func organisationFault(err error) error {
	switch {
	case errors.Is(err, oidc.ErrDown):
		return fault.NewUnavailable("people.organisation-down").WithHint("people.organisation-down-hint").Because(err)
	case errors.Is(err, oidc.ErrRefused), errors.Is(err, errNoCeremony):
		return fault.NewForbidden("people.organisation-failed").WithHint("people.organisation-failed-hint").Because(err)
	default:
		return err
	}
}

// Answer is what the provider put into the address that it sent the browser to.
type Answer struct {
	State, Issuer, Code string
}

// FinishOrganisation signs in the member of staff that the provider names. The
// session is strong when the provider asked a second factor.
func (s *Service) FinishOrganisation(ctx context.Context, cookie string, a Answer, device, replaces string) (Opened, error) {
	if s.Organisation == nil {
		return Opened{}, fault.NewNotFound("people.organisation-off")
	}
	body, err := s.takeCeremony(ctx, "organisation", cookie)
	if err != nil {
		return Opened{}, organisationFault(err)
	}
	var c organisationCeremony
	if err := json.Unmarshal(body, &c); err != nil {
		return Opened{}, fmt.Errorf("read ceremony: %w", err)
	}
	id, err := s.Organisation.Finish(ctx, c.Flow, a.State, a.Issuer, a.Code)
	if err != nil {
		return Opened{}, organisationFault(err)
	}
	var o Opened
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		p, err := s.identified(ctx, tx, id)
		if err != nil {
			return err
		}
		o, err = s.openSession(ctx, tx, start{person: p, method: ByOrganisation, borrowed: c.Borrowed, strong: id.Strong, device: device, replaces: replaces})
		return err
	})
	return o, err
}

// identified finds the person by issuer and subject. The first time it links
// by an address that the provider vouches for, and only to a member of staff
// who is not linked yet: an address that was given to somebody new must not
// open the account of who had it before.
func (s *Service) identified(ctx context.Context, tx *sql.Tx, id oidc.Identity) (Person, error) {
	unknown := fault.NewForbidden("people.organisation-unknown").WithHint("people.organisation-unknown-hint")
	personID, err := db.Get(ctx, tx, db.Text, `select person_id from identity where issuer = $1 and subject = $2`, id.Issuer, id.Subject)
	known := err == nil
	if errors.Is(err, db.ErrNotFound) {
		if id.Email == "" {
			return Person{}, unknown
		}
		personID, err = personByEmail(ctx, tx, FoldEmail(id.Email))
	}
	if err != nil {
		return Person{}, err
	}
	if personID == "" {
		return Person{}, unknown
	}
	p, err := s.getPerson(ctx, tx, personID)
	if err != nil {
		return Person{}, err
	}
	if !p.In(Staff) {
		return Person{}, unknown
	}
	if known {
		return p, nil
	}
	return p, s.link(ctx, tx, p, id, unknown)
}

func (s *Service) link(ctx context.Context, tx *sql.Tx, p Person, id oidc.Identity, unknown error) error {
	n, err := db.Get(ctx, tx, db.Number, `select count(*) from identity where person_id = $1 and issuer = $2`, p.ID, id.Issuer)
	if err != nil {
		return err
	}
	if n > 0 {
		return unknown
	}
	if _, err := db.Exec(ctx, tx, `insert into identity (issuer, subject, person_id, created_at) values ($1, $2, $3, $4)`, id.Issuer, id.Subject, p.ID, db.Micros(s.Now())); err != nil {
		return err
	}
	if err := s.Audit.Record(ctx, tx, p.ID, "identity.link", "person/"+p.ID); err != nil {
		return err
	}
	return s.warn(ctx, tx, p)
}
