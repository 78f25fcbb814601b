// Package blob keeps files by the SHA-256 of their content: a photo, a sound,
// a document. The same content is kept once, a key can never lead to other
// content, and what was damaged on the way is noticed when it is read. It
// knows nothing about what a file means or who may see it.
//
// Start reading at Store. Folder keeps blobs in a folder; blobtest holds what
// every other store must do as well.
package blob

import (
	"context"
	"errors"
	"io"
	"iter"
)

// Key names a blob: its SHA-256 in 64 lower-case hexadecimal digits.
type Key string

var (
	// ErrNotFound: there is no blob with that key.
	ErrNotFound = errors.New("blob: there is none with that key")
	// ErrKey: the text is not a key at all.
	ErrKey = errors.New("blob: not a key")
	// ErrTooLarge: the content is larger than the store takes. Nothing was kept.
	ErrTooLarge = errors.New("blob: too large")
	// ErrDamaged: what was read is not what was put.
	ErrDamaged = errors.New("blob: damaged")
)

// Store keeps blobs. All methods may be used by several goroutines and
// processes at once.
type Store interface {
	// Put keeps all that r gives and returns its key. When Put returns, the
	// blob survives a loss of power; when it fails, nothing is kept. Putting
	// what is there already is fine and mends it when it was damaged.
	Put(ctx context.Context, r io.Reader) (Key, error)
	// Get opens a blob. The last Read returns ErrDamaged instead of io.EOF when
	// the content does not belong to the key, so read to the end before
	// believing it. The caller closes it.
	Get(ctx context.Context, key Key) (io.ReadCloser, error)
	// Delete removes a blob; there being none is no error.
	Delete(ctx context.Context, key Key) error
	// List gives all keys in order. It ends after the first error.
	List(ctx context.Context) iter.Seq2[Key, error]
}

// Check reports whether k has the form of a key.
func (k Key) Check() error {
	if len(k) != 64 {
		return ErrKey
	}
	for _, c := range []byte(k) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ErrKey
		}
	}
	return nil
}
