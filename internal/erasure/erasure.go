// Package erasure remembers what was erased, outside the database: an older
// backup that is put back must not bring a person back. The file holds ids
// only, one erasure a line, each line chained to the one before by a hash. It
// is only ever added to, is copied with every backup, and is replayed after a
// restore. It knows nothing about what the kinds mean.
//
// Write the line before the erasure commits: a line without an erasure does no
// harm when it is replayed, an erasure without a line would.
//
// Start reading at Open and Log.Append.
package erasure

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"ambassadeur/internal/text"
)

// Entry is one erasure.
type Entry struct {
	Seq  int64 // from 1
	At   time.Time
	Kind string // "person"
	ID   string
	Hash string // over the entry and the hash before it; hexadecimal
}

// ErrDamaged: a line is not what was written. A last line that a crash cut
// short is not damage: it was never confirmed, and is removed.
var ErrDamaged = errors.New("the erasure log is damaged")

var (
	kindForm = text.Pattern(`^[a-z][a-z0-9_]{0,40}$`)
	idForm   = text.Pattern(`^[A-Za-z0-9_.-]{1,80}$`)
)

const timeForm = "2006-01-02T15:04:05.000000Z"

// Log is an open file of erasures. Several processes may have it open; they
// take turns by a lock on the file.
type Log struct {
	path string
	now  func() time.Time

	mu   sync.Mutex
	read int64 // bytes of the file that were verified
	last Entry // the last of them
}

// Open verifies the whole file, or makes an empty one that only we can read.
func Open(path string, now func() time.Time) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("erasure: %w", err)
	}
	l := &Log{path: path, now: now}
	if err := l.locked(func(*os.File) error { return nil }); err != nil {
		return nil, fmt.Errorf("erasure: open %s: %w", path, err)
	}
	return l, nil
}

// Append adds an erasure. When it returns, the line survives a loss of power.
func (l *Log) Append(kind, id string) (Entry, error) {
	if !kindForm().MatchString(kind) || !idForm().MatchString(id) {
		return Entry{}, fmt.Errorf("erasure: an entry is a kind and an id; %q has another form", kind)
	}
	var e Entry
	err := l.locked(func(f *os.File) error {
		e = Entry{Seq: l.last.Seq + 1, At: l.now().UTC().Truncate(time.Microsecond), Kind: kind, ID: id}
		e.Hash = e.sum(l.last.Hash)
		line := e.line()
		if _, err := f.WriteAt(line, l.read); err != nil {
			return errors.Join(err, f.Truncate(l.read)) // a full disk must not leave half a line
		}
		if err := f.Sync(); err != nil {
			return err
		}
		l.read, l.last = l.read+int64(len(line)), e
		return nil
	})
	if err != nil {
		return Entry{}, fmt.Errorf("erasure: append: %w", err)
	}
	return e, nil
}

// Head returns the last entry; the zero Entry when there is none.
func (l *Log) Head() (Entry, error) {
	var last Entry
	err := l.locked(func(*os.File) error { last = l.last; return nil })
	if err != nil {
		return Entry{}, fmt.Errorf("erasure: %w", err)
	}
	return last, nil
}

// Replay gives every erasure from the moment since on, in the order in which
// they happened, until do returns an error. The zero time gives all. Replaying
// is safe to repeat: erasing what is gone changes nothing.
func (l *Log) Replay(since time.Time, do func(Entry) error) error {
	f, err := os.Open(l.path)
	if err != nil {
		return fmt.Errorf("erasure: replay: %w", err)
	}
	defer func() { _ = f.Close() }()
	_, _, err = scan(f, Entry{}, func(e Entry) error {
		if e.At.Before(since) {
			return nil
		}
		return do(e)
	})
	if err != nil {
		return fmt.Errorf("erasure: replay: %w", err)
	}
	return nil
}

// CopyTo writes the file as it stands now, whole lines only.
func (l *Log) CopyTo(w io.Writer) error {
	err := l.locked(func(f *os.File) error {
		_, err := io.Copy(w, io.NewSectionReader(f, 0, l.read))
		return err
	})
	if err != nil {
		return fmt.Errorf("erasure: copy: %w", err)
	}
	return nil
}

// Read verifies what CopyTo wrote and gives each entry to do.
func Read(r io.Reader, do func(Entry) error) error {
	if _, _, err := scan(r, Entry{}, do); err != nil {
		return fmt.Errorf("erasure: %w", err)
	}
	return nil
}

// locked runs do while no other process can add, after catching up with what
// others added and removing a line that a crash cut short.
func (l *Log) locked(do func(f *os.File) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // lets go of the lock as well
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if err := l.catchUp(f); err != nil {
		return err
	}
	return do(f)
}

func (l *Log) catchUp(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < l.read {
		return fmt.Errorf("%w: it is shorter than it was", ErrDamaged)
	}
	n, last, err := scan(io.NewSectionReader(f, l.read, info.Size()-l.read), l.last, nil)
	if err != nil {
		return err
	}
	l.read, l.last = l.read+n, last
	if l.read == info.Size() {
		return nil
	}
	return errors.Join(f.Truncate(l.read), f.Sync())
}

// scan verifies the lines of r, which follow the entry last, and returns how
// many bytes they have. It stops before a line without an end.
func scan(r io.Reader, last Entry, do func(Entry) error) (int64, Entry, error) {
	const longest = 400
	b := bufio.NewReaderSize(r, 64<<10)
	var n int64
	for {
		line, err := b.ReadSlice('\n')
		if err == io.EOF {
			return n, last, nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return n, last, err
		}
		e, ok := parse(line)
		if err != nil || len(line) > longest || !ok || e.Seq != last.Seq+1 || e.Hash != e.sum(last.Hash) {
			return n, last, fmt.Errorf("%w at line %d", ErrDamaged, last.Seq+1)
		}
		if do != nil {
			if err := do(e); err != nil {
				return n, last, err
			}
		}
		n, last = n+int64(len(line)), e
	}
}

func (e Entry) fields() string {
	return fmt.Sprintf("%d %s %s %s", e.Seq, e.At.Format(timeForm), e.Kind, e.ID)
}

func (e Entry) sum(before string) string {
	sum := sha256.Sum256([]byte("ambassadeur erasure 1\n" + before + "\n" + e.fields()))
	return hex.EncodeToString(sum[:])
}

func (e Entry) line() []byte { return []byte(e.fields() + " " + e.Hash + "\n") }

// parse accepts exactly what line writes.
func parse(line []byte) (Entry, bool) {
	part := strings.Split(strings.TrimSuffix(string(line), "\n"), " ")
	if len(part) != 5 || !kindForm().MatchString(part[2]) || !idForm().MatchString(part[3]) {
		return Entry{}, false
	}
	seq, err1 := strconv.ParseInt(part[0], 10, 64)
	at, err2 := time.Parse(timeForm, part[1])
	e := Entry{Seq: seq, At: at, Kind: part[2], ID: part[3], Hash: part[4]}
	return e, err1 == nil && err2 == nil && bytes.Equal(e.line(), line)
}
