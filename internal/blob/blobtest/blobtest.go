// Package blobtest holds what every blob.Store must do. A new store runs it in
// one line of its own test.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"ambassadeur/internal/blob"
)

// Max is the size that open must give the store as its largest blob, in bytes.
const Max = 1 << 20

// Run runs the whole suite. open gives an empty store that takes blobs of at
// most Max bytes.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, blob.Store)
	}{
		{"what is put comes back", roundTrip},
		{"the same content is kept once", sameContent},
		{"what is deleted is gone", deleted},
		{"keys are listed in order", listed},
		{"text that is not a key is refused", notKeys},
		{"too large is refused and leaves nothing", tooLarge},
		{"a reader that fails leaves nothing", failing},
		{"a context that ends leaves nothing", cancelled},
		{"many at once", concurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

var ctx = context.Background()

func put(t *testing.T, s blob.Store, content []byte) blob.Key {
	t.Helper()
	key, err := s.Put(ctx, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func get(t *testing.T, s blob.Store, key blob.Key) []byte {
	t.Helper()
	r, err := s.Get(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

func keys(t *testing.T, s blob.Store) []blob.Key {
	t.Helper()
	var out []blob.Key
	for k, err := range s.List(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

func roundTrip(t *testing.T, s blob.Store) {
	for _, content := range [][]byte{{}, []byte("x"), bytes.Repeat([]byte{0}, 70_000), bytes.Repeat([]byte("y"), Max)} {
		key := put(t, s, content)
		sum := sha256.Sum256(content)
		if string(key) != hex.EncodeToString(sum[:]) {
			t.Errorf("key %s is not the hash of the content", key)
		}
		if got := get(t, s, key); !bytes.Equal(got, content) {
			t.Errorf("%d bytes came back as %d", len(content), len(got))
		}
	}
}

func sameContent(t *testing.T, s blob.Store) {
	if a, b := put(t, s, []byte("x")), put(t, s, []byte("x")); a != b {
		t.Errorf("keys %s and %s", a, b)
	}
	if got := keys(t, s); len(got) != 1 {
		t.Errorf("kept %d", len(got))
	}
}

func deleted(t *testing.T, s blob.Store) {
	key := put(t, s, []byte("x"))
	for range 2 {
		if err := s.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("still listed: %v", got)
	}
	if again := put(t, s, []byte("x")); again != key {
		t.Errorf("put again under %s", again)
	}
}

func listed(t *testing.T, s blob.Store) {
	var want []blob.Key
	for i := range 40 {
		want = append(want, put(t, s, []byte{byte(i)}))
	}
	slices.Sort(want)
	if got := keys(t, s); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for range s.List(ctx) {
		break // stopping early is fine
	}
}

func notKeys(t *testing.T, s blob.Store) {
	for _, k := range []blob.Key{"", "x", "../../etc/passwd", blob.Key(strings.Repeat("A", 64)), blob.Key(strings.Repeat("../", 21) + "x"), blob.Key(strings.Repeat("a", 63) + "/"), blob.Key(strings.Repeat("a", 65))} {
		if _, err := s.Get(ctx, k); !errors.Is(err, blob.ErrKey) {
			t.Errorf("get %q: %v", k, err)
		}
		if err := s.Delete(ctx, k); !errors.Is(err, blob.ErrKey) {
			t.Errorf("delete %q: %v", k, err)
		}
	}
}

func tooLarge(t *testing.T, s blob.Store) {
	if _, err := s.Put(ctx, bytes.NewReader(make([]byte, Max+1))); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}

func failing(t *testing.T, s blob.Store) {
	broken := errors.New("broken")
	if _, err := s.Put(ctx, io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}

func cancelled(t *testing.T, s blob.Store) {
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Put(over, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}

func concurrent(t *testing.T, s blob.Store) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			content := bytes.Repeat([]byte{byte(i % 4)}, 50_000)
			key, err := s.Put(ctx, bytes.NewReader(content))
			if err != nil {
				t.Error(err)
				return
			}
			r, err := s.Get(ctx, key)
			if err != nil {
				t.Error(err)
				return
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, content) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
		})
	}
	wg.Wait()
	if got := keys(t, s); len(got) != 4 {
		t.Errorf("kept %d, want 4", len(got))
	}
}
