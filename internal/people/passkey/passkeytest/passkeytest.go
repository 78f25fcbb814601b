// Package passkeytest makes credentials for tests with a virtual authenticator.
package passkeytest

import "github.com/descope/virtualwebauthn"

// wholeKey is the length of a P-256 key in CBOR when both coordinates have 32
// bytes.
const wholeKey = 77

// NewCredential makes a credential as a real authenticator does. The virtual
// one leaves out leading zeros of a coordinate, in about one key of 128, and
// verifiers rightly refuse such a key.
func NewCredential() virtualwebauthn.Credential {
	for {
		c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(c.Key.AttestationData()) == wholeKey {
			return c
		}
	}
}
