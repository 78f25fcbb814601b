package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/people/oidc"
	"ambassadeur/internal/people/passkey"
)

// Auditor writes who did what on which object, ids only, in the transaction
// of the act itself.
type Auditor interface {
	Record(ctx context.Context, tx *sql.Tx, actor, action, object string) error
}

// Sealer encrypts what must be read back later; purpose separates uses.
type Sealer interface {
	Seal(purpose string, plain []byte) ([]byte, error)
	Open(purpose string, sealed []byte) ([]byte, error)
	// Sign makes a keyed hash, for values that could be guessed.
	Sign(purpose string, message []byte) []byte
}

// Args is a job's arguments: ids only.
type Args interface{ Kind() string }

// Config is what a Service needs. DB, Box, Audit and BaseURL are required; the
// others have a harmless default.
type Config struct {
	DB    *db.DB
	Box   Sealer
	Audit Auditor
	// Enqueue adds a job in the transaction. Needed for mailed links, with Mail.
	Enqueue func(ctx context.Context, tx *sql.Tx, args Args) error
	// Mail delivers. Used by the jobs, never while a page waits.
	Mail mail.Sender
	// Site is the name of the installation in mails.
	Site string
	// OfficeOf says which office a function gives: one of the office constants, or "".
	OfficeOf func(functionID string) string
	// Erased notes an erasure outside the database ("person", id), before it
	// commits. It may be called more than once for the same id.
	Erased func(ctx context.Context, what, id string) error
	// Forget removes what other packages keep of a person, in the transaction
	// that erases the person.
	Forget func(ctx context.Context, tx *sql.Tx, personID string) error
	// BaseURL is how the outside reaches the product, without a slash at the
	// end, such as "https://ambassadeur.example.org".
	BaseURL string
	// Passkeys is nil where browsers allow none.
	Passkeys *passkey.Verifier
	// Organisation is nil when the organisation has no accounts to sign in with.
	Organisation *oidc.Provider
	// Now, Random and NewID are for tests.
	Now    func() time.Time
	Random io.Reader
	NewID  func() string
}

// Service holds the use cases. It is safe for use by several goroutines.
type Service struct {
	Config
}

// New checks the configuration and returns the service.
func New(cfg Config) (*Service, error) {
	if cfg.DB == nil || cfg.Box == nil || cfg.Audit == nil || cfg.BaseURL == "" {
		return nil, errors.New("people: database, sealing, audit and base address are needed")
	}
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	if cfg.Enqueue == nil {
		cfg.Enqueue = func(context.Context, *sql.Tx, Args) error { return errors.New("people: no job queue was given") }
	}
	if cfg.OfficeOf == nil {
		cfg.OfficeOf = func(string) string { return "" }
	}
	if cfg.Erased == nil {
		cfg.Erased = func(context.Context, string, string) error { return nil }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.NewID == nil {
		cfg.NewID = db.NewID
	}
	return &Service{Config: cfg}, nil
}

// token makes 256 random bits as 43 characters that are safe in an address.
func (s *Service) token() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hash is how a token is stored. Tokens are random, so a plain SHA-256 cannot
// be turned back; purpose keeps a token of one kind from working as another.
func hash(purpose, token string) string {
	sum := sha256.Sum256([]byte(purpose + "\x00" + token))
	return hex.EncodeToString(sum[:])
}

// pick returns a number from 0 up to n (at most 256), each as likely.
func (s *Service) pick(n int) (int, error) {
	limit := 256 - 256%n
	var b [1]byte
	for {
		if _, err := io.ReadFull(s.Random, b[:]); err != nil {
			return 0, fmt.Errorf("pick: %w", err)
		}
		if int(b[0]) < limit {
			return int(b[0]) % n, nil
		}
	}
}
