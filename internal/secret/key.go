package secret

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Config says where the keys come from.
type Config struct {
	// Value holds the keys themselves, usually from the environment. It goes
	// before File. One key is its base64; several are "1:BASE64 2:BASE64".
	Value string
	// File is the key file. It is made when it is absent and Known is empty.
	File string
	// Known is what Box.Known gave when the database was made: which keys its
	// sealed values need. Empty for a new database.
	Known string
}

// Open reads the keys, or makes the key file at the very first start. It
// refuses a key file that others on the machine can read, and keys that are
// not the ones the database knows: starting anyway would make every sealed
// value unreadable and seal new ones with a second key.
func Open(cfg Config) (*Box, error) {
	b, err := load(cfg)
	if err != nil {
		return nil, err
	}
	if err := b.recognise(cfg.Known); err != nil {
		return nil, err
	}
	return b, nil
}

// Known returns the numbers and fingerprints of all keys, to be stored in the
// database beside what was sealed. A fingerprint tells nothing about its key.
func (b *Box) Known() string {
	var parts []string
	for _, id := range b.ids() {
		parts = append(parts, fmt.Sprintf("%d:%s", id, b.fingerprint(id)))
	}
	return strings.Join(parts, " ")
}

func (b *Box) fingerprint(id byte) string {
	return hex.EncodeToString(derive(b.keys[id], "fingerprint")[:8])
}

// recognise checks that each key the database knows is here, unchanged.
func (b *Box) recognise(known string) error {
	for _, part := range strings.Fields(known) {
		number, print, _ := strings.Cut(part, ":")
		id, err := strconv.ParseUint(number, 10, 8)
		if err != nil {
			return fmt.Errorf("secret: the database's list of keys cannot be read: %q", known)
		}
		if _, here := b.keys[byte(id)]; !here {
			return fmt.Errorf("secret: key %d is missing (fingerprint %s); the database holds values sealed with it, so put it back beside the other keys", id, print)
		}
		if got := b.fingerprint(byte(id)); !Equal(got, print) {
			return fmt.Errorf("secret: this is not the key of this database: key %d has fingerprint %s, the database expects %s; put back the key that belongs to it", id, got, print)
		}
	}
	return nil
}

func load(cfg Config) (*Box, error) {
	if cfg.Value != "" {
		return parse(cfg.Value)
	}
	if cfg.File == "" {
		return nil, errors.New("secret: neither a key nor a key file is set")
	}
	b, err := readFile(cfg.File)
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if cfg.Known != "" {
		return nil, fmt.Errorf("secret: the key file %s is missing, but the database holds values sealed with it (%s); put the file back, a new one would not open them", cfg.File, cfg.Known)
	}
	if err := makeFile(cfg.File); err != nil {
		return nil, err
	}
	return readFile(cfg.File)
}

func readFile(path string) (*Box, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("secret: the key file %s can be read by others on this machine (rights %04o); run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	b, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	b.file = path
	return b, nil
}

// parse reads keys. Lines that begin with # are notes. The error never holds
// a part of a key.
func parse(text string) (*Box, error) {
	keys := map[byte][]byte{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			id, key, err := parseKey(word)
			if err != nil {
				return nil, err
			}
			if _, twice := keys[id]; twice {
				return nil, fmt.Errorf("secret: key %d is there twice", id)
			}
			keys[id] = key
		}
	}
	return New(keys)
}

func parseKey(word string) (byte, []byte, error) {
	number, code, numbered := strings.Cut(word, ":")
	if !numbered {
		number, code = "1", word
	}
	id, err := strconv.ParseUint(number, 10, 8)
	if err != nil || id == 0 {
		return 0, nil, errors.New("secret: a key's number must be 1 to 255")
	}
	code = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(code, "="))
	key, err := base64.RawURLEncoding.DecodeString(code)
	if err != nil || len(key) != KeySize {
		return 0, nil, fmt.Errorf("secret: key %d is not the base64 of %d bytes", id, KeySize)
	}
	return byte(id), key, nil
}

// makeFile makes a key file with a new key, readable by us alone. The name
// appears only with the whole text, and never in place of another file, so
// two processes that start together end up with the same key.
func makeFile(path string) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("secret: make the folder of the key file: %w", err)
	}
	f, err := os.CreateTemp(folder, ".key-*") // made with rights 0600
	if err != nil {
		return fmt.Errorf("secret: make the key file: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = fmt.Fprintf(f, "# Without this key the sealed values in the database are lost.\n# Keep a copy apart from the backups. Show it to nobody.\n1:%s\n", Token())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("secret: write the key file: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("secret: make the key file: %w", err)
	}
	return syncFolder(folder)
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	return nil
}
