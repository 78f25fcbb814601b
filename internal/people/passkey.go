package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people/passkey"
)

const (
	maxPasskeys    = 10 // of one person
	maxPasskeyName = 60 // letters
)

// Passkey is a key as its owner sees it.
type Passkey struct {
	ID      string
	Name    string
	Created time.Time
	Used    time.Time // zero: never
}

// HasPasskeys reports whether passkeys work at this base address.
func (s *Service) HasPasskeys() bool { return s.Config.Passkeys != nil }

// ListPasskeys lists the person's keys, the oldest first.
func (s *Service) ListPasskeys(ctx context.Context, personID string) ([]Passkey, error) {
	return db.List(ctx, s.DB.Reader(), func(r db.Row) (Passkey, error) {
		var k Passkey
		var created, used int64
		err := r.Scan(&k.ID, &k.Name, &created, &used)
		k.Created, k.Used = db.Time(created), db.Time(used)
		return k, err
	}, `select id, name, created_at, used_at from passkey where person_id = $1 order by created_at, id`, personID)
}

// MayAddPasskey says whether this session may make a key. The first is made
// right after signing in by link or with the organisation's account; a further
// one needs a strong session, so that somebody who finds a device signed in
// cannot make a key of their own.
func (s *Service) MayAddPasskey(ctx context.Context, x Session) error {
	if !s.HasPasskeys() {
		return fault.NewUnavailable("people.passkey-failed")
	}
	if x.Borrowed {
		return fault.NewForbidden("people.passkey-borrowed")
	}
	n, err := db.Get(ctx, s.DB.Reader(), db.Number, `select count(*) from passkey where person_id = $1`, x.PersonID)
	switch {
	case err != nil:
		return err
	case n >= maxPasskeys:
		return fault.NewConflict("people.passkey-many")
	case x.Strong():
		return nil
	case n == 0 && x.Fresh() && (x.Method == ByLink || x.Method == ByOrganisation):
		return nil
	default:
		return fault.NewForbidden("people.passkey-not-now").WithHint("people.passkey-not-now-hint")
	}
}

type addCeremony struct {
	Person string
	State  []byte
}

// BeginAddPasskey returns the options for the browser and the cookie that
// FinishAddPasskey wants back.
func (s *Service) BeginAddPasskey(ctx context.Context, x Session) (options []byte, cookie string, err error) {
	if err := s.MayAddPasskey(ctx, x); err != nil {
		return nil, "", err
	}
	o, err := s.owner(ctx, s.DB.Reader(), x.PersonID)
	if err != nil {
		return nil, "", err
	}
	options, state, err := s.Config.Passkeys.BeginAdd(o)
	if err != nil {
		return nil, "", err
	}
	body, err := json.Marshal(addCeremony{Person: x.PersonID, State: state})
	if err != nil {
		return nil, "", fmt.Errorf("write ceremony: %w", err)
	}
	cookie, err = s.beginCeremony(ctx, "passkey.add", body)
	return options, cookie, err
}

func errPasskeyFailed(err error) error {
	return fault.NewForbidden("people.passkey-failed").WithHint("people.passkey-failed-hint").Because(err)
}

// FinishAddPasskey verifies the browser's answer and keeps the key. The
// session that made it is strong from now on.
func (s *Service) FinishAddPasskey(ctx context.Context, x Session, cookie, name string, response []byte) error {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > maxPasskeyName {
		return fault.NewInvalid("people.passkey-name").On("name")
	}
	if err := s.MayAddPasskey(ctx, x); err != nil {
		return err
	}
	body, err := s.takeCeremony(ctx, "passkey.add", cookie)
	if errors.Is(err, errNoCeremony) {
		return errPasskeyFailed(err)
	}
	if err != nil {
		return err
	}
	var c addCeremony
	if err := json.Unmarshal(body, &c); err != nil {
		return fmt.Errorf("read ceremony: %w", err)
	}
	if c.Person != x.PersonID {
		return errPasskeyFailed(errors.New("the ceremony is somebody else's"))
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		o, err := s.owner(ctx, tx, x.PersonID)
		if err != nil {
			return err
		}
		key, err := s.Config.Passkeys.FinishAdd(o, c.State, response)
		if errors.Is(err, passkey.ErrRefused) {
			return errPasskeyFailed(err)
		}
		if err != nil {
			return err
		}
		return s.keepPasskey(ctx, tx, x, name, key)
	})
}

func (s *Service) keepPasskey(ctx context.Context, tx *sql.Tx, x Session, name string, key passkey.Key) error {
	sealed, err := s.Box.Seal("people.passkey", key.Body)
	if err != nil {
		return fmt.Errorf("seal passkey: %w", err)
	}
	id, now := s.NewID(), db.Micros(s.Now())
	_, err = db.Exec(ctx, tx, `insert into passkey (id, person_id, credential_id, name, body, sign_count, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		id, x.PersonID, key.ID, name, sealed, int64(key.Count), now)
	if errors.Is(err, db.ErrDuplicate) {
		return errPasskeyFailed(err)
	}
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `update session set strong_at = $2 where id = $1`, x.ID, now); err != nil {
		return err
	}
	if err := s.Audit.Record(ctx, tx, x.PersonID, "passkey.add", "passkey/"+id); err != nil {
		return err
	}
	p, err := s.getPerson(ctx, tx, x.PersonID)
	if err != nil {
		return err
	}
	return s.warn(ctx, tx, p)
}

// BeginPasskey returns the options for signing in with a key, and the cookie
// that UsePasskey wants back.
func (s *Service) BeginPasskey(ctx context.Context, network string) (options []byte, cookie string, err error) {
	if !s.HasPasskeys() {
		return nil, "", fault.NewUnavailable("people.passkey-failed")
	}
	if err := s.spend(ctx, passkeyByNetwork, network); err != nil {
		return nil, "", err
	}
	options, state, err := s.Config.Passkeys.BeginUse()
	if err != nil {
		return nil, "", err
	}
	cookie, err = s.beginCeremony(ctx, "passkey.use", state)
	return options, cookie, err
}

// UsePasskey signs in with the browser's answer; the session is strong. A key
// whose counter went back was copied: it is refused and can no longer be used.
func (s *Service) UsePasskey(ctx context.Context, cookie string, response []byte, borrowed bool, device, replaces string) (Opened, error) {
	if !s.HasPasskeys() {
		return Opened{}, fault.NewUnavailable("people.passkey-failed")
	}
	state, err := s.takeCeremony(ctx, "passkey.use", cookie)
	if errors.Is(err, errNoCeremony) {
		return Opened{}, errPasskeyFailed(err)
	}
	if err != nil {
		return Opened{}, err
	}
	var o Opened
	copied := false
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		copied = false
		owner, key, err := s.Config.Passkeys.FinishUse(state, response, func(handle string) (passkey.Owner, error) { return s.owner(ctx, tx, handle) })
		switch {
		case errors.Is(err, passkey.ErrCopied):
			copied = true
			return s.removePasskey(ctx, tx, owner.Handle, "credential_id", key.ID, "passkey.copied")
		case errors.Is(err, passkey.ErrRefused), err != nil && fault.KindOf(err) == fault.NotFound:
			return errPasskeyFailed(err)
		case err != nil:
			return err
		}
		if err := s.passkeyUsed(ctx, tx, key); err != nil {
			return err
		}
		p, err := s.getPerson(ctx, tx, owner.Handle)
		if err != nil {
			return err
		}
		o, err = s.openSession(ctx, tx, start{person: p, method: ByPasskey, borrowed: borrowed, strong: true, device: device, replaces: replaces})
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if copied {
		return Opened{}, fault.NewForbidden("people.passkey-copied").WithHint("people.passkey-copied-hint")
	}
	return o, nil
}

func (s *Service) passkeyUsed(ctx context.Context, tx *sql.Tx, key passkey.Key) error {
	sealed, err := s.Box.Seal("people.passkey", key.Body)
	if err != nil {
		return fmt.Errorf("seal passkey: %w", err)
	}
	_, err = db.Exec(ctx, tx, `update passkey set body = $2, sign_count = $3, used_at = $4 where credential_id = $1`,
		key.ID, sealed, int64(key.Count), db.Micros(s.Now()))
	return err
}

// RemovePasskey forgets one of the person's own keys. It needs a strong
// session: somebody who finds a device signed in must not lock the owner out.
func (s *Service) RemovePasskey(ctx context.Context, x Session, id string) error {
	if !x.Strong() {
		return fault.NewForbidden("fault.strong").WithHint("fault.strong-hint")
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.removePasskey(ctx, tx, x.PersonID, "id", id, "passkey.remove")
	})
}

// ForgetPasskeys removes all keys of a person who lost them, so that a first
// one can be made again after signing in by link. For the command line.
func (s *Service) ForgetPasskeys(ctx context.Context, actor, personID string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := db.Exec(ctx, tx, `delete from passkey where person_id = $1`, personID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, "passkey.forget", "person/"+personID)
	})
}

// removePasskey deletes by a column that the caller names, never a person.
func (s *Service) removePasskey(ctx context.Context, tx *sql.Tx, personID, column, value, action string) error {
	id, err := db.Get(ctx, tx, db.Text, `delete from passkey where person_id = $1 and `+column+` = $2 returning id`, personID, value)
	if errors.Is(err, db.ErrNotFound) {
		return fault.NewNotFound("people.passkey-gone")
	}
	if err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, personID, action, "passkey/"+id)
}

// owner loads a person who may sign in with their keys.
func (s *Service) owner(ctx context.Context, q db.Queryer, personID string) (passkey.Owner, error) {
	name, err := db.Get(ctx, q, db.Text, `select name from person where id = $1 and disabled_at = 0`, personID)
	if errors.Is(err, db.ErrNotFound) {
		return passkey.Owner{}, fault.NewNotFound("people.not-found")
	}
	if err != nil {
		return passkey.Owner{}, err
	}
	type row struct {
		id     string
		sealed []byte
		count  int64
	}
	rows, err := db.List(ctx, q, func(r db.Row) (row, error) {
		var x row
		return x, r.Scan(&x.id, &x.sealed, &x.count)
	}, `select credential_id, body, sign_count from passkey where person_id = $1 order by created_at, id`, personID)
	if err != nil {
		return passkey.Owner{}, err
	}
	o := passkey.Owner{Handle: personID, Name: name}
	for _, x := range rows {
		body, err := s.Box.Open("people.passkey", x.sealed)
		if err != nil {
			return passkey.Owner{}, fmt.Errorf("open passkey: %w", err)
		}
		o.Keys = append(o.Keys, passkey.Key{ID: x.id, Body: body, Count: uint32(x.count)})
	}
	return o, nil
}
