// Package oidc isolates the OpenID Connect library: it sends a browser to the
// organisation's provider and verifies what comes back. It stores nothing and
// knows no person. It is written for Entra ID and Keycloak.
//
// Start reading at Provider.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config describes the organisation's provider.
type Config struct {
	Issuer       string // as the provider's own discovery document says it
	ClientID     string
	ClientSecret string
	RedirectURL  string // of this site
	Name         string // what the button calls it
	// StrongACR lists values of "acr" that mean a second factor, besides what
	// "amr" says; Keycloak's levels of authentication are such values.
	StrongACR []string
	// Timeout is for each answer of the provider; 8 seconds when zero.
	Timeout time.Duration
	// Client is for tests.
	Client *http.Client
}

// Provider is the organisation's provider. It asks for the discovery document
// when somebody first signs in, so a provider that is down stops nothing else.
type Provider struct {
	cfg Config

	mu    sync.Mutex // guards found
	found *oidc.Provider
}

// Errors of signing in.
var (
	// ErrDown: the provider does not answer, or not as it should.
	ErrDown = errors.New("oidc: the provider does not answer")
	// ErrRefused: what came back does not verify.
	ErrRefused = errors.New("oidc: refused")
)

// New returns the provider. It does not connect.
func New(cfg Config) *Provider {
	if cfg.Timeout == 0 {
		cfg.Timeout = 8 * time.Second
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{}
	}
	return &Provider{cfg: cfg}
}

// Name is what the button calls it.
func (p *Provider) Name() string { return p.cfg.Name }

// Flow is what the second half needs of the first.
type Flow struct {
	State, Nonce, Verifier string
}

// Identity is who the provider says it is.
type Identity struct {
	Issuer, Subject string
	// Email is empty unless the provider vouches for it.
	Email string
	// Strong: the provider asked a second factor.
	Strong bool
}

// Begin makes the address to send the browser to.
func (p *Provider) Begin(ctx context.Context, state, nonce string) (address string, f Flow, err error) {
	ctx, cancel := p.context(ctx)
	defer cancel()
	found, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f = Flow{State: state, Nonce: nonce, Verifier: oauth2.GenerateVerifier()}
	return p.oauth(found).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish exchanges the code and verifies the answer: state, issuer, audience,
// signature, time and nonce. issuer is the parameter "iss" of the answer,
// which a provider may leave out.
func (p *Provider) Finish(ctx context.Context, f Flow, state, issuer, code string) (Identity, error) {
	if f.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(f.State)) != 1 {
		return Identity{}, fmt.Errorf("%w: the state is not the one that was sent", ErrRefused)
	}
	if issuer != "" && issuer != p.cfg.Issuer {
		return Identity{}, fmt.Errorf("%w: the answer came from another issuer", ErrRefused) // RFC 9207
	}
	if code == "" {
		return Identity{}, fmt.Errorf("%w: the answer has no code", ErrRefused)
	}
	ctx, cancel := p.context(ctx)
	defer cancel()
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	token, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: the answer has no id token", ErrRefused)
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if f.Nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return Identity{}, fmt.Errorf("%w: the nonce is not the one that was sent", ErrRefused)
	}
	var c claims
	if err := id.Claims(&c); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return Identity{Issuer: id.Issuer, Subject: id.Subject, Email: c.email(), Strong: c.strong(p.cfg.StrongACR)}, nil
}

// exchangeError tells a refusal of the provider from its silence.
func exchangeError(err error) error {
	var refusal *oauth2.RetrieveError
	if errors.As(err, &refusal) && refusal.Response != nil && refusal.Response.StatusCode < 500 {
		return fmt.Errorf("%w: the provider does not take the code: %s", ErrRefused, refusal.ErrorCode)
	}
	return fmt.Errorf("%w: %w", ErrDown, err)
}

func (p *Provider) context(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(oidc.ClientContext(ctx, p.cfg.Client), p.cfg.Timeout)
}

// discover reads the discovery document once. A failure is not remembered:
// the next person tries again.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	found := p.found
	p.mu.Unlock()
	if found != nil {
		return found, nil
	}
	// Outside the lock: a provider that hangs makes nobody wait for another.
	// The keys are fetched later, with this context's client but not its end.
	found, err := oidc.NewProvider(ctx, p.cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDown, err)
	}
	p.mu.Lock()
	p.found = found
	p.mu.Unlock()
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, RedirectURL: p.cfg.RedirectURL,
		Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// claims are what Entra ID and Keycloak say beyond the standard.
type claims struct {
	Address  string   `json:"email"`
	Verified *bool    `json:"email_verified"` // Keycloak
	Owned    *flag    `json:"xms_edov"`       // Entra ID: the domain's owner vouches for the address
	AMR      []string `json:"amr"`
	ACR      string   `json:"acr"`
}

// flag is a boolean that Entra ID also sends as a number or a text.
type flag bool

// UnmarshalJSON reads true, 1, "1" and "true".
func (f *flag) UnmarshalJSON(b []byte) error {
	s := strings.ToLower(strings.Trim(string(b), `"`))
	*f = s == "true" || s == "1"
	return nil
}

// email returns the address only when the provider vouches for it. Anybody
// with a tenant of their own can put any address into Entra ID, so silence is
// no.
func (c claims) email() string {
	if c.Verified != nil && *c.Verified || c.Owned != nil && bool(*c.Owned) {
		return c.Address
	}
	return ""
}

// secondFactors are values of "amr" that mean more than a password: RFC 8176,
// "fido" and "ngcmfa" of Entra ID.
func secondFactors() []string { return []string{"mfa", "ngcmfa", "otp", "hwk", "fido"} }

func (c claims) strong(acr []string) bool {
	return slices.ContainsFunc(c.AMR, func(v string) bool { return slices.Contains(secondFactors(), v) }) ||
		c.ACR != "" && slices.Contains(acr, c.ACR)
}
