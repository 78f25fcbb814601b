// Package secret keeps what must not be readable in the database: it seals
// bytes, signs them, and makes tokens. It owns the key file. It knows nothing
// about what is sealed and never touches the database; whoever opens the
// database hands in the fingerprints that the database knows.
//
// Every sealed value names the key that sealed it, so a new key can be added
// beside the old one without sealing everything anew at once.
//
// Start reading at Open, then Box.
package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

var (
	// ErrSealed: the bytes were not sealed by one of our keys for this
	// purpose, or were changed since. Which of the two is not said.
	ErrSealed = errors.New("secret: the sealed value cannot be opened")
	// ErrSignature: the signature is not ours, or what was signed was changed.
	ErrSignature = errors.New("secret: the signature does not match")
)

// Box seals and opens. It is safe for use by several goroutines; it never
// changes after it was made.
type Box struct {
	keys    map[byte][]byte
	current byte
	file    string // where the keys came from; empty when from the environment
}

// New makes a box of one or more keys by number (1 to 255). The highest
// number seals; the others only open.
func New(keys map[byte][]byte) (*Box, error) {
	if len(keys) == 0 {
		return nil, errors.New("secret: no key")
	}
	b := &Box{keys: make(map[byte][]byte, len(keys))}
	for id, key := range keys {
		if id == 0 {
			return nil, errors.New("secret: keys are numbered from 1")
		}
		if len(key) != KeySize {
			return nil, fmt.Errorf("secret: key %d has %d bytes, must have %d", id, len(key), KeySize)
		}
		b.keys[id] = slices.Clone(key)
		b.current = max(b.current, id)
	}
	return b, nil
}

// Seal encrypts plain. What was sealed for one purpose cannot be opened for
// another. Sealing the same bytes twice gives different results.
func (b *Box) Seal(purpose string, plain []byte) ([]byte, error) {
	aead, err := b.aead(b.current, purpose)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = b.current
	if _, err := rand.Read(out[1:]); err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return aead.Seal(out, out[1:], plain, []byte(purpose)), nil
}

// Open decrypts what Seal made for the same purpose, or returns ErrSealed.
func (b *Box) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return nil, ErrSealed
	}
	if _, known := b.keys[sealed[0]]; !known {
		return nil, ErrSealed
	}
	aead, err := b.aead(sealed[0], purpose)
	if err != nil {
		return nil, err
	}
	nonce := sealed[1 : 1+aead.NonceSize()]
	plain, err := aead.Open(nil, nonce, sealed[1+aead.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Stale reports whether sealed was made with a key that is no longer the
// newest, so that its owner can seal it anew.
func (b *Box) Stale(sealed []byte) bool { return len(sealed) == 0 || sealed[0] != b.current }

// Sign returns a signature over message that only a holder of the key can
// make: the number of the key and an HMAC-SHA256.
func (b *Box) Sign(purpose string, message []byte) []byte {
	return append([]byte{b.current}, b.mac(b.current, purpose, message)...)
}

// Verify checks what Sign made, in constant time. It returns ErrSignature
// when signature or message were changed.
func (b *Box) Verify(purpose string, message, signature []byte) error {
	if len(signature) != 1+sha256.Size {
		return ErrSignature
	}
	if _, known := b.keys[signature[0]]; !known {
		return ErrSignature
	}
	if !hmac.Equal(signature[1:], b.mac(signature[0], purpose, message)) {
		return ErrSignature
	}
	return nil
}

// File is the key file that the keys were read from; empty when they came
// from the environment.
func (b *Box) File() string { return b.file }

// String hides the keys when a box is printed by mistake.
func (b *Box) String() string { return fmt.Sprintf("secret.Box(%d keys)", len(b.keys)) }

// GoString hides the keys from %#v.
func (b *Box) GoString() string { return b.String() }

func (b *Box) ids() []byte { return slices.Sorted(maps.Keys(b.keys)) }

func (b *Box) mac(id byte, purpose string, message []byte) []byte {
	m := hmac.New(sha256.New, derive(b.keys[id], "sign "+purpose))
	m.Write(message)
	return m.Sum(nil)
}

func (b *Box) aead(id byte, purpose string) (aead, error) {
	a, err := chacha20poly1305.NewX(derive(b.keys[id], "seal "+purpose))
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return a, nil
}

type aead interface {
	NonceSize() int
	Overhead() int
	Seal(dst, nonce, plaintext, additionalData []byte) []byte
	Open(dst, nonce, ciphertext, additionalData []byte) ([]byte, error)
}

// derive makes the key for one use, so that no two uses share one.
func derive(key []byte, use string) []byte {
	sub, err := hkdf.Key(sha256.New, key, nil, "ambassadeur "+use, KeySize)
	if err != nil { // only for lengths that are never asked here
		panic(err)
	}
	return sub
}

// Token makes a random token of 256 bits that fits in an address (43
// characters). Store only its Hash.
func Token() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash is what is stored of a Token. It is only for random tokens: it would
// not protect something that can be guessed.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Equal compares in a time that does not tell where the two differ.
func Equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
