// Package passkey isolates the WebAuthn library: it makes the options that a
// browser needs and verifies what comes back. It stores nothing and knows no
// person, only an opaque handle.
//
// Start reading at Verifier.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Verifier speaks for one site.
type Verifier struct{ w *webauthn.WebAuthn }

// New returns the verifier of the site at baseURL, or ErrNoPasskeys when
// browsers would refuse there. name is what people see when they make a key.
func New(baseURL, name string) (*Verifier, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("read base address: %w", err)
	}
	if u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, ErrNoPasskeys
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation, // which device somebody has is not our business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired, // a finger, a face or a code: two factors in one
		},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys: %w", err)
	}
	return &Verifier{w}, nil
}

// Errors of verifying.
var (
	// ErrNoPasskeys: browsers allow passkeys on https and on localhost only.
	ErrNoPasskeys = errors.New("passkey: the base address needs https, or localhost")
	// ErrRefused: what the browser sent does not verify.
	ErrRefused = errors.New("passkey: refused")
	// ErrCopied: the key's counter went back, so there are two of it.
	ErrCopied = errors.New("passkey: the key seems to be copied")
)

// Key is a passkey as it is kept. Body is the library's record of it.
type Key struct {
	ID    string // base64url
	Body  []byte
	Count uint32
}

// Owner is whose keys they are. Handle is opaque and at most 64 bytes.
type Owner struct {
	Handle string
	Name   string
	Keys   []Key
}

type user struct {
	owner Owner
	creds []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return []byte(u.owner.Handle) }
func (u user) WebAuthnName() string                       { return u.owner.Name }
func (u user) WebAuthnDisplayName() string                { return u.owner.Name }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.creds }

func asUser(o Owner) (user, error) {
	u := user{owner: o}
	for _, k := range o.Keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Body, &c); err != nil {
			return user{}, fmt.Errorf("read key: %w", err)
		}
		c.Authenticator.SignCount = k.Count
		u.creds = append(u.creds, c)
	}
	return u, nil
}

// BeginAdd makes the options for a new key and the state that FinishAdd needs.
func (v *Verifier) BeginAdd(o Owner) (options, state []byte, err error) {
	u, err := asUser(o)
	if err != nil {
		return nil, nil, err
	}
	creation, session, err := v.w.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.creds).CredentialDescriptors()))
	if err != nil {
		return nil, nil, fmt.Errorf("begin adding a passkey: %w", err)
	}
	return both(creation.Response, session)
}

// FinishAdd verifies the browser's answer and returns the new key.
func (v *Verifier) FinishAdd(o Owner, state, response []byte) (Key, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return Key{}, fmt.Errorf("read ceremony: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Key{}, refused(err)
	}
	u, err := asUser(o)
	if err != nil {
		return Key{}, err
	}
	c, err := v.w.CreateCredential(u, session, parsed)
	if err != nil {
		return Key{}, refused(err)
	}
	return asKey(c)
}

// BeginUse makes the options for signing in with whatever key the person has
// on the device.
func (v *Verifier) BeginUse() (options, state []byte, err error) {
	assertion, session, err := v.w.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("begin using a passkey: %w", err)
	}
	return both(assertion.Response, session)
}

// FinishUse verifies the browser's answer. find returns the owner with the
// handle that the answer names. The key comes back with its new counter; with
// ErrCopied it comes back too, and must not sign anybody in.
func (v *Verifier) FinishUse(state, response []byte, find func(handle string) (Owner, error)) (Owner, Key, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return Owner{}, Key{}, fmt.Errorf("read ceremony: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Owner{}, Key{}, refused(err)
	}
	var findErr error
	got, c, err := v.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		o, err := find(string(handle))
		if err != nil {
			findErr = err
			return nil, err
		}
		return asUser(o)
	}, session, parsed)
	if findErr != nil {
		return Owner{}, Key{}, findErr
	}
	if err != nil {
		return Owner{}, Key{}, refused(err)
	}
	u, ok := got.(user)
	if !ok {
		return Owner{}, Key{}, fmt.Errorf("passkey: unexpected user %T", got)
	}
	key, err := asKey(c)
	if err != nil {
		return Owner{}, Key{}, err
	}
	if c.Authenticator.CloneWarning {
		return u.owner, key, ErrCopied
	}
	return u.owner, key, nil
}

func asKey(c *webauthn.Credential) (Key, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return Key{}, fmt.Errorf("write key: %w", err)
	}
	return Key{ID: base64.RawURLEncoding.EncodeToString(c.ID), Body: body, Count: c.Authenticator.SignCount}, nil
}

func both(options, session any) ([]byte, []byte, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return nil, nil, fmt.Errorf("write options: %w", err)
	}
	s, err := json.Marshal(session)
	if err != nil {
		return nil, nil, fmt.Errorf("write ceremony: %w", err)
	}
	return o, s, nil
}

// refused keeps the library's reason, which is for developers, as the cause.
func refused(err error) error {
	var p *protocol.Error
	if errors.As(err, &p) && p.DevInfo != "" {
		return fmt.Errorf("%w: %s: %s", ErrRefused, p.Details, p.DevInfo)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}
