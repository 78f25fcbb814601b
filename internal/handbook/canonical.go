package handbook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Canonical returns the bytes that stand for a content: JSON with the keys in
// the order of the types. Laying out the files anew leaves them as they are;
// changing one word does not.
func Canonical(c *Content) ([]byte, error) { return canonical(c) }

func canonical(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode a handbook: %w", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// HashOf returns the SHA-256 of canonical bytes, in hexadecimal.
func HashOf(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// Hash returns the hash of a content: what an edition is known by.
func Hash(c *Content) (string, error) {
	b, err := Canonical(c)
	if err != nil {
		return "", err
	}
	return HashOf(b), nil
}

// Decode turns canonical bytes back into a content. Unknown keys are an
// error: bytes that this program does not understand must not be published
// in part.
func Decode(b []byte) (*Content, error) {
	c := &Content{}
	return c, decodeStrict(b, c)
}

func decodeStrict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("decode a handbook: %w", err)
	}
	return nil
}
