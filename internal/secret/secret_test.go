package secret_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"ambassadeur/internal/secret"
)

func box(t interface{ Fatal(...any) }, ids ...byte) *secret.Box {
	keys := map[byte][]byte{}
	for _, id := range ids {
		keys[id] = bytes.Repeat([]byte{id}, secret.KeySize)
	}
	b, err := secret.New(keys)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsSealedOpensOnlyForItsPurposeAndUnchanged(t *testing.T) {
	b := box(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		purpose := rapid.String().Draw(t, "purpose")
		sealed, err := b.Seal(purpose, plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Open(purpose, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %q, %v", got, err)
		}
		if _, err := b.Open(purpose+"x", sealed); !errors.Is(err, secret.ErrSealed) {
			t.Fatalf("another purpose opened it: %v", err)
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "place")
		sealed[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := b.Open(purpose, sealed); !errors.Is(err, secret.ErrSealed) {
			t.Fatalf("a changed value opened: %v", err)
		}
		if _, err := b.Open(purpose, sealed[:i]); !errors.Is(err, secret.ErrSealed) {
			t.Fatalf("a cut value opened: %v", err)
		}
	})
}

func TestANewKeySealsAndTheOldOneStillOpens(t *testing.T) {
	old, both := box(t, 1), box(t, 1, 2)
	sealed, err := old.Seal("p", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := both.Open("p", sealed); err != nil || string(got) != "x" {
		t.Fatalf("got %q, %v", got, err)
	}
	if !both.Stale(sealed) || old.Stale(sealed) {
		t.Error("Stale must name what an older key sealed")
	}
	again, err := both.Seal("p", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Open("p", again); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("the old key opened what the new one sealed: %v", err)
	}
	sig := old.Sign("p", []byte("m"))
	if err := both.Verify("p", []byte("m"), sig); err != nil {
		t.Errorf("signature of the old key: %v", err)
	}
}

func TestASignatureHoldsForOneMessageAndPurpose(t *testing.T) {
	b := box(t, 1)
	sig := b.Sign("checkpoint", []byte("one"))
	if err := b.Verify("checkpoint", []byte("one"), sig); err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(sig)
	changed[5] ^= 1
	for name, err := range map[string]error{
		"message":   b.Verify("checkpoint", []byte("two"), sig),
		"purpose":   b.Verify("other", []byte("one"), sig),
		"signature": b.Verify("checkpoint", []byte("one"), changed),
		"empty":     b.Verify("checkpoint", []byte("one"), nil),
		"other key": box(t, 2).Verify("checkpoint", []byte("one"), sig),
	} {
		if !errors.Is(err, secret.ErrSignature) {
			t.Errorf("%s changed: got %v", name, err)
		}
	}
}

func TestTheKeyFileIsMadeOnceAndForUsAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "key")
	var wg sync.WaitGroup
	known := make([]string, 8)
	for i := range known {
		wg.Go(func() {
			b, err := secret.Open(secret.Config{File: path})
			if err != nil {
				t.Error(err)
				return
			}
			known[i] = b.Known()
		})
	}
	wg.Wait()
	for _, k := range known {
		if k != known[0] {
			t.Fatalf("starts at the same time made different keys: %v", known)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v, %v", info.Mode(), err)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStartingIsRefusedInWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	b, err := secret.Open(secret.Config{File: path})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	key := strings.TrimPrefix(strings.Fields(string(text))[len(strings.Fields(string(text)))-1], "1:")
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, text, 0o640); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		cfg  secret.Config
		says string
	}{
		{"readable by others", secret.Config{File: open}, "chmod 600"},
		{"another key", secret.Config{Value: secret.Token(), Known: b.Known()}, "not the key of this database"},
		{"a key is gone", secret.Config{Value: "2:" + key, Known: b.Known()}, "key 1 is missing"},
		{"file gone", secret.Config{File: path + "x", Known: b.Known()}, "put the file back"},
		{"nothing set", secret.Config{}, "neither"},
		{"short key", secret.Config{Value: key[:20]}, "not the base64"},
		{"number", secret.Config{Value: "0:" + key}, "1 to 255"},
		{"twice", secret.Config{Value: key + " 1:" + key}, "twice"},
		{"empty", secret.Config{Value: "# only a note"}, "no key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := secret.Open(c.cfg)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want words about %q", err, c.says)
			}
			if strings.Contains(err.Error(), key[:20]) {
				t.Error("the error shows a part of the key")
			}
		})
	}
	if _, err := os.Stat(path + "x"); err == nil {
		t.Error("a second key file was made for a database that has a key")
	}
	if _, err := secret.Open(secret.Config{Value: key, Known: b.Known()}); err != nil {
		t.Errorf("the same key by value: %v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v", b, b, b); strings.Contains(s, key[:8]) || !strings.Contains(s, "1 keys") {
		t.Errorf("printing a box shows %s", s)
	}
}

func TestTokensAreLongAndDifferent(t *testing.T) {
	a, b := secret.Token(), secret.Token()
	if a == b || len(a) != 43 || strings.ContainsAny(a, "+/=") {
		t.Errorf("tokens %q, %q", a, b)
	}
	if secret.Hash(a) == secret.Hash(b) || len(secret.Hash(a)) != 64 {
		t.Error("hashes must differ and have 64 characters")
	}
	if !secret.Equal(a, a) || secret.Equal(a, b) || secret.Equal(a, "") {
		t.Error("Equal")
	}
}
