package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/mail"
)

// The states of a request for a link. Terminal: used, ended.
//
//	requested ─mailed→ sent ─here→ used
//	                   sent ─elsewhere→ showing ─right picture→ used
//	                                    showing ─wrong picture→ ended
//	requested, sent, showing ─time→ gone
const (
	linkRequested = "requested" // asked for; the job has not mailed yet, or nobody has that address
	linkSent      = "sent"
	linkShowing   = "showing" // the mailed page shows a picture
	linkUsed      = "used"
	linkEnded     = "ended" // a wrong picture was chosen
)

// linkLifetime is how long a mailed link works. When it has run out the page
// offers a new one with one button.
const linkLifetime = 30 * time.Minute

// keptLinks is how long a link that ran out is remembered, to offer a new one.
const keptLinks = 24 * time.Hour

// repeatableLifetime is for links of demonstration persons.
const repeatableLifetime = 30 * 24 * time.Hour

// Pictures are the names of the pictures of which one is shown with a link.
// Each is an icon and has a word in the catalog ("signin.picture.NAME").
func Pictures() []string {
	return []string{"sun", "moon", "star", "heart", "tree-pine", "flower-2", "house", "coffee", "gift"}
}

// LinkMail is the job that mails a link. Only the request's id is in the queue.
type LinkMail struct {
	RequestID string `json:"request_id"`
}

// Kind names the job.
func (LinkMail) Kind() string { return "people.link_mail" }

// AskLink begins signing in by mail for the address. It does the same work and
// gives the same answer whether or not somebody has the address: who has it is
// looked up later, by the job. The returned value is for a cookie on the device
// that asked; with it the device may wait for the picture.
func (s *Service) AskLink(ctx context.Context, email, network, device string) (wait string, err error) {
	if err := checkEmail(email); err != nil {
		return "", err
	}
	folded := FoldEmail(email)
	if err := s.spend(ctx, linkByNetwork, network); err != nil {
		return "", err
	}
	if err := s.spend(ctx, linkByAddress, folded); err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal("people.link.address", []byte(folded))
	if err != nil {
		return "", fmt.Errorf("seal address: %w", err)
	}
	if wait, err = s.token(); err != nil {
		return "", err
	}
	now := s.Now()
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		id := s.NewID()
		_, err := db.Exec(ctx, tx, `insert into signin_request (id, state, email_sealed, wait_hash, device, created_at, expires_at)
			values ($1, 'requested', $2, $3, $4, $5, $6)`,
			id, sealed, hash("wait", wait), device, db.Micros(now), db.Micros(now.Add(linkLifetime)))
		if err != nil {
			return err
		}
		return s.Enqueue(ctx, tx, LinkMail{RequestID: id})
	})
	if err != nil {
		return "", fmt.Errorf("ask link: %w", err)
	}
	return wait, nil
}

// AskAgain asks for a new link for whom an earlier link was, which may have
// run out; token is that link's.
func (s *Service) AskAgain(ctx context.Context, token, network, device string) (wait string, err error) {
	return s.again(ctx, `token_hash = $1`, hash("link", token), network, device)
}

// AskAgainWaiting is AskAgain on the device that asked.
func (s *Service) AskAgainWaiting(ctx context.Context, wait, network, device string) (string, error) {
	return s.again(ctx, `wait_hash = $1`, hash("wait", wait), network, device)
}

// again finds the address of an earlier request. An address that nobody has is
// still in the request itself, so the answer is the same.
func (s *Service) again(ctx context.Context, where, arg, network, device string) (string, error) {
	r, err := getRequest(ctx, s.DB.Reader(), where, arg, s.Now().Add(-keptLinks))
	if errors.Is(err, db.ErrNotFound) {
		return "", errLinkOver()
	}
	if err != nil {
		return "", err
	}
	var address string
	if r.personID != "" {
		if address, err = db.Get(ctx, s.DB.Reader(), db.Text, `select email from person where id = $1`, r.personID); err != nil {
			return "", err
		}
	} else if r.emailSealed != nil {
		plain, err := s.Box.Open("people.link.address", r.emailSealed)
		if err != nil {
			return "", fmt.Errorf("open address: %w", err)
		}
		address = string(plain)
	}
	if address == "" {
		return "", errLinkOver()
	}
	return s.AskLink(ctx, address, network, device)
}

// SendLink is the work of LinkMail. Run again, it mails the same link again.
// Nobody with that address, a request that ran out or was used: nothing to do.
func (s *Service) SendLink(ctx context.Context, requestID string) error {
	var to, token string
	var p Person
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		to = ""
		r, err := getRequest(ctx, tx, `id = $1`, requestID, s.Now())
		if errors.Is(err, db.ErrNotFound) || err == nil && r.state != linkRequested && r.state != linkSent {
			return nil
		}
		if err != nil {
			return err
		}
		if r.state == linkSent {
			plain, err := s.Box.Open("people.link.token", r.tokenSealed)
			if err != nil {
				return fmt.Errorf("open token: %w", err)
			}
			token = string(plain)
			p, err = s.getPerson(ctx, tx, r.personID)
			to = p.Email
			return err
		}
		folded, err := s.Box.Open("people.link.address", r.emailSealed)
		if err != nil {
			return fmt.Errorf("open address: %w", err)
		}
		id, err := personByEmail(ctx, tx, string(folded))
		if err != nil || id == "" {
			return err
		}
		if p, err = s.getPerson(ctx, tx, id); err != nil {
			return err
		}
		to = p.Email
		token, err = s.arm(ctx, tx, requestID, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("send link %s: %w", requestID, err)
	}
	if to == "" {
		return nil
	}
	m, err := mail.Compose(i18n.For(i18n.Lang(p.Display.Lang)), mail.SignIn, s.Site, to, s.BaseURL+"/aanmelden/link/"+token)
	if err != nil {
		return fmt.Errorf("send link %s: %w", requestID, err)
	}
	m.ID = requestID // sent again, it is the same mail
	return s.deliver(ctx, m)
}

func (s *Service) deliver(ctx context.Context, m mail.Message) error {
	if s.Mail == nil {
		return fault.NewUnavailable("mail.unreachable").Because(errors.New("people: no mail was given"))
	}
	if err := s.Mail.Send(ctx, m); err != nil {
		return fmt.Errorf("send mail %s: %w", m.ID, err)
	}
	return nil
}

// arm gives a request its person and a token.
func (s *Service) arm(ctx context.Context, tx *sql.Tx, requestID, personID string) (string, error) {
	token, err := s.token()
	if err != nil {
		return "", err
	}
	sealed, err := s.Box.Seal("people.link.token", []byte(token))
	if err != nil {
		return "", fmt.Errorf("seal token: %w", err)
	}
	_, err = db.Exec(ctx, tx, `update signin_request set state = 'sent', person_id = $2, email_sealed = null, token_hash = $3, token_sealed = $4
		where id = $1 and state = 'requested'`, requestID, personID, hash("link", token), sealed)
	return token, err
}

// SignInLink makes a link for a person without a mail: for the first
// administrator, and for demonstrations. A real person's link works once and
// for half an hour. A demonstration person's link stays the same and works
// again and again.
func (s *Service) SignInLink(ctx context.Context, personID string) (string, error) {
	var token string
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		p, err := s.getPerson(ctx, tx, personID)
		if err != nil {
			return err
		}
		if !p.Disabled.IsZero() {
			return fault.NewForbidden("people.disabled")
		}
		if p.Demo {
			if token, err = s.standingLink(ctx, tx, personID); err != nil || token != "" {
				return err
			}
		}
		now, id := s.Now(), s.NewID()
		until := now.Add(linkLifetime)
		if p.Demo {
			until = now.Add(repeatableLifetime)
		}
		_, err = db.Exec(ctx, tx, `insert into signin_request (id, state, repeatable, created_at, expires_at)
			values ($1, 'requested', $2, $3, $4)`, id, db.Int(p.Demo), db.Micros(now), db.Micros(until))
		if err != nil {
			return err
		}
		if token, err = s.arm(ctx, tx, id, personID); err != nil || p.Demo {
			return err
		}
		return s.Audit.Record(ctx, tx, "system", "signin.link", "person/"+personID)
	})
	if err != nil {
		return "", fmt.Errorf("make sign-in link: %w", err)
	}
	return s.BaseURL + "/aanmelden/link/" + token, nil
}

// standingLink returns the token of the repeatable link that the person has
// already and moves its end; "" when there is none.
func (s *Service) standingLink(ctx context.Context, tx *sql.Tx, personID string) (string, error) {
	r, err := getRequest(ctx, tx, `repeatable = 1 and person_id = $1`, personID, s.Now())
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	plain, err := s.Box.Open("people.link.token", r.tokenSealed)
	if err != nil {
		return "", nil // sealed with a key that is gone: make a new one
	}
	_, err = db.Exec(ctx, tx, `update signin_request set expires_at = $2 where id = $1`, r.id, db.Micros(s.Now().Add(repeatableLifetime)))
	return string(plain), err
}

// LinkView is what the page behind a mailed link needs.
type LinkView struct {
	// Elsewhere: another device asked and can wait for the picture.
	Elsewhere bool
	// Device is the one that asked, such as "Firefox, Windows".
	Device string
	// Picture is shown once the person wants to go on on the other device.
	Picture string
}

// errLinkOver is the answer for a link that ran out, was used, or never was.
func errLinkOver() error {
	return fault.NewNotFound("people.link-over").WithHint("people.link-over-hint")
}

// Link looks at a link without changing anything, so that a mail scanner's
// visit does nothing. It gives a NotFound fault when the link is over.
func (s *Service) Link(ctx context.Context, token string) (LinkView, error) {
	r, err := s.openLink(ctx, s.DB.Reader(), token)
	if err != nil {
		return LinkView{}, err
	}
	return LinkView{Elsewhere: r.waits && !r.repeatable, Device: r.device, Picture: r.picture}, nil
}

func (s *Service) openLink(ctx context.Context, q db.Queryer, token string) (request, error) {
	r, err := getRequest(ctx, q, `token_hash = $1`, hash("link", token), s.Now())
	if errors.Is(err, db.ErrNotFound) || err == nil && r.state != linkSent && r.state != linkShowing {
		return request{}, errLinkOver()
	}
	return r, err
}

// UseLink signs in the device that opened the link. replaces is the session
// cookie that the device holds, if any.
func (s *Service) UseLink(ctx context.Context, token string, borrowed bool, device, replaces string) (Opened, error) {
	var o Opened
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := s.openLink(ctx, tx, token)
		if err != nil {
			return err
		}
		o, err = s.finishLink(ctx, tx, r, borrowed, device, replaces)
		return err
	})
	return o, err
}

func (s *Service) finishLink(ctx context.Context, tx *sql.Tx, r request, borrowed bool, device, replaces string) (Opened, error) {
	if !r.repeatable {
		// The state in the condition: of two presses at once, one signs in.
		n, err := db.Exec(ctx, tx, `update signin_request set state = 'used', token_sealed = null, picture = '' where id = $1 and state in ('sent', 'showing')`, r.id)
		if err != nil {
			return Opened{}, err
		}
		if n == 0 {
			return Opened{}, errLinkOver()
		}
	}
	p, err := s.getPerson(ctx, tx, r.personID)
	if err != nil {
		return Opened{}, err
	}
	return s.openSession(ctx, tx, start{person: p, method: ByLink, borrowed: borrowed, device: device, replaces: replaces,
		// In a demonstration everything can be tried, acts of an office too.
		strong: r.repeatable && p.Demo})
}

// ShowPicture answers "I want to go on on my other device": it picks the
// picture, once, and returns its name.
func (s *Service) ShowPicture(ctx context.Context, token string) (string, error) {
	var picture string
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := s.openLink(ctx, tx, token)
		if err != nil {
			return err
		}
		if !r.waits || r.repeatable {
			return fault.NewConflict("people.no-other-device")
		}
		if picture = r.picture; picture != "" {
			return nil
		}
		n, err := s.pick(len(Pictures()))
		if err != nil {
			return err
		}
		picture = Pictures()[n]
		_, err = db.Exec(ctx, tx, `update signin_request set state = 'showing', picture = $2 where id = $1 and state = 'sent'`, r.id, picture)
		return err
	})
	return picture, err
}

// Choice is the answer to a chosen picture.
type Choice uint8

// The answers.
const (
	ChoiceTooEarly Choice = iota // no picture is shown yet; nothing changed
	ChoiceWrong                  // the request has ended; ask for a new link
	ChoiceRight                  // signed in
)

// ChoosePicture is pressed on the device that asked, which proves itself by
// its waiting cookie. An address that nobody has answers TooEarly for ever,
// just as one whose link is not opened.
func (s *Service) ChoosePicture(ctx context.Context, wait, picture, network string, borrowed bool, device, replaces string) (Choice, Opened, error) {
	if !slices.Contains(Pictures(), picture) {
		return ChoiceTooEarly, Opened{}, fault.NewInvalid("people.picture-missing").On("picture")
	}
	if err := s.spend(ctx, waitByNetwork, network); err != nil {
		return ChoiceTooEarly, Opened{}, err
	}
	var c Choice
	var o Opened
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := getRequest(ctx, tx, `wait_hash = $1`, hash("wait", wait), s.Now())
		switch {
		case errors.Is(err, db.ErrNotFound):
			return errLinkOver()
		case err != nil:
			return err
		case r.state == linkRequested, r.state == linkSent:
			c = ChoiceTooEarly
			return nil
		case r.state != linkShowing:
			return errLinkOver()
		case r.picture != picture:
			c = ChoiceWrong
			_, err := db.Exec(ctx, tx, `update signin_request set state = 'ended', token_sealed = null where id = $1 and state = 'showing'`, r.id)
			return err
		}
		c = ChoiceRight
		o, err = s.finishLink(ctx, tx, r, borrowed, device, replaces)
		return err
	})
	return c, o, err
}

// Waiting reports whether a waiting cookie still belongs to an open request.
func (s *Service) Waiting(ctx context.Context, wait string) (bool, error) {
	r, err := getRequest(ctx, s.DB.Reader(), `wait_hash = $1`, hash("wait", wait), s.Now())
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil && r.state != linkUsed && r.state != linkEnded, err
}

type request struct {
	id, state, personID, picture, device string
	emailSealed, tokenSealed             []byte
	waits, repeatable                    bool
}

// getRequest finds a request that has not run out.
func getRequest(ctx context.Context, q db.Queryer, where, arg string, now time.Time) (request, error) {
	return db.Get(ctx, q, func(row db.Row) (request, error) {
		var r request
		var person, wait sql.NullString
		var repeatable int64
		err := row.Scan(&r.id, &r.state, &person, &r.emailSealed, &r.tokenSealed, &wait, &r.picture, &r.device, &repeatable)
		r.personID, r.waits, r.repeatable = person.String, wait.String != "", repeatable != 0
		return r, err
	}, `select id, state, person_id, email_sealed, token_sealed, wait_hash, picture, device, repeatable
		from signin_request where `+where+` and expires_at > $2`, arg, db.Micros(now))
}
