package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"ambassadeur/internal/blob"
)

// ErrDamaged: the backup is not whole, or not as it was made.
var ErrDamaged = errors.New("the backup is damaged")

const (
	maxManifest = 256 << 20
	maxSmall    = 1 << 30 // settings, erasures and one blob
)

// What a member may be called. Nothing else is ever read, so no name can lead
// out of the folder that it is restored to.
var memberForm = regexp.MustCompile(`^(database\.file|database\.export|erasures\.log|settings\.yaml|manifest\.json|blobs/[0-9a-f]{64})$`)

// Verify reads a whole backup and compares it with its manifest. It changes
// nothing. The error says what is wrong, and is ErrDamaged when it is the
// backup itself.
func Verify(ctx context.Context, path string) (Manifest, error) {
	return walk(ctx, path, func(string, io.Reader) error { return nil })
}

// walk reads each member, gives its content to take, and verifies all against
// the manifest at the end. Until it returns nil, nothing that take saw is to be
// believed.
func walk(ctx context.Context, path string, take func(name string, r io.Reader) error) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	m, err := walkReader(ctx, f, take)
	if err != nil {
		return Manifest{}, fmt.Errorf("backup %s: %w", path, err)
	}
	return m, nil
}

func walkReader(ctx context.Context, f io.Reader, take func(name string, r io.Reader) error) (Manifest, error) {
	zip, err := gzip.NewReader(f)
	if err != nil {
		return Manifest{}, damaged("it does not begin like a backup", err)
	}
	r := &reader{ctx: ctx, tar: tar.NewReader(zip), take: take, found: map[string]Member{}}
	for {
		done, err := r.next()
		if err != nil {
			return Manifest{}, err
		}
		if done {
			break
		}
	}
	if _, err := io.Copy(io.Discard, zip); err != nil { // to the end, where gzip's own sum is
		return Manifest{}, damaged("it is cut off or changed", err)
	}
	return r.manifest, r.compare()
}

func damaged(what string, cause error) error {
	if cause != nil {
		return fmt.Errorf("%w: %s (%w)", ErrDamaged, what, cause)
	}
	return fmt.Errorf("%w: %s", ErrDamaged, what)
}

type reader struct {
	ctx      context.Context
	tar      *tar.Reader
	take     func(name string, r io.Reader) error
	found    map[string]Member
	manifest Manifest
	last     bool // the manifest was read
}

// next reads one member; done is true after the last.
func (r *reader) next() (done bool, err error) {
	if err := r.ctx.Err(); err != nil {
		return false, err
	}
	h, err := r.tar.Next()
	switch {
	case errors.Is(err, io.EOF) && !r.last:
		return false, damaged("its list of contents is missing, so it was not finished", nil)
	case errors.Is(err, io.EOF):
		return true, nil
	case err != nil:
		return false, damaged("it is cut off or changed", err)
	case r.last:
		return false, damaged("something was added after its list of contents", nil)
	case h.Typeflag != tar.TypeReg || !memberForm.MatchString(h.Name):
		return false, damaged("it holds something that a backup does not have", nil)
	}
	if _, twice := r.found[h.Name]; twice {
		return false, damaged(h.Name+" is there twice", nil)
	}
	if h.Name == manifestName {
		r.last = true
		return false, r.readManifest()
	}
	return false, r.member(h)
}

func (r *reader) readManifest() error {
	b, err := io.ReadAll(io.LimitReader(r.tar, maxManifest))
	if err != nil {
		return damaged("it is cut off or changed", err)
	}
	if err := json.Unmarshal(b, &r.manifest); err != nil {
		return damaged("its list of contents cannot be read", err)
	}
	if r.manifest.Format != format {
		return fmt.Errorf("this is %q; this program reads %q: use the version that made it (%s)", r.manifest.Format, format, r.manifest.Program)
	}
	return nil
}

func (r *reader) member(h *tar.Header) error {
	if h.Size > maxSmall && !strings.HasPrefix(h.Name, "database.") {
		return damaged(h.Name+" is too large", nil)
	}
	sum := sha256.New()
	in := &noting{r: io.TeeReader(r.tar, sum)}
	if err := r.take(h.Name, in); err != nil {
		if in.err != nil {
			return damaged("it is cut off or changed", in.err)
		}
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return damaged("it is cut off or changed", err)
	}
	r.found[h.Name] = Member{Name: h.Name, Size: h.Size, Sum: hexSum(sum)}
	return nil
}

// noting remembers the error of reading, to tell it from one of writing.
type noting struct {
	r   io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return k, err
}

// compare finds what differs between the members and the manifest.
func (r *reader) compare() error {
	databases := 0
	for _, want := range r.manifest.Members {
		got, ok := r.found[want.Name]
		if !ok {
			return damaged(want.Name+" is missing", nil)
		}
		key, isBlob := strings.CutPrefix(want.Name, blobFolder)
		if got != want || (isBlob && blob.Key(got.Sum) != blob.Key(key)) {
			return damaged(want.Name+" was changed", nil)
		}
		if strings.HasPrefix(want.Name, "database.") {
			databases++
		}
		delete(r.found, want.Name)
	}
	for name := range r.found {
		return damaged(name+" is not in its list of contents", nil)
	}
	if databases != 1 {
		return damaged("it holds no database", nil)
	}
	return nil
}
