package doctor

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"ambassadeur/internal/i18n"
)

// Address looks at how people reach the product.
func Address(baseURL string) Check {
	return func(context.Context) []Finding {
		u, err := url.Parse(baseURL)
		switch {
		case err != nil || u.Host == "":
			return found("address", Wrong, "unreadable", nil)
		case u.Scheme == "https":
			return found("address", OK, "https", nil, "Host", u.Host)
		case u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1":
			return found("address", Warn, "here", nil)
		default:
			return found("address", Wrong, "http", nil)
		}
	}
}

// Disk looks at the free space of a folder and whether it can be written.
func Disk(folder string) Check {
	return func(context.Context) []Finding {
		if err := writable(folder); err != nil {
			if errors.Is(err, syscall.ENOSPC) {
				return found("disk", Wrong, "full", err, "Folder", folder)
			}
			return found("disk", Wrong, "unwritable", err, "Folder", folder)
		}
		free, err := freeBytes(folder)
		if err != nil {
			return found("disk", Warn, "unknown", err, "Folder", folder)
		}
		return space(free)
	}
}

const (
	mega      = 1 << 20
	tooLittle = 200 * mega
	little    = 2048 * mega
)

func space(free uint64) []Finding {
	level, text := OK, "enough"
	switch {
	case free < tooLittle:
		level, text = Wrong, "little"
	case free < little:
		level, text = Warn, "little"
	}
	return found("disk", level, text, nil, "Mega", free/mega)
}

func freeBytes(folder string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}

func writable(folder string) error {
	f, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return err
	}
	_, err = f.Write([]byte("x"))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

const (
	// made is a moment before this program was: a clock that is earlier is wrong.
	made    = 1795000000 // 18 November 2026
	fileOff = 5 * time.Second
)

// Clock looks at the machine's clock: against the time of a new file in the
// folder (another machine's clock when the folder is on a network), against
// the newest thing in the audit trail, and at the rules of summer time.
func Clock(folder string, now func() time.Time, newest func(ctx context.Context) (time.Time, error)) Check {
	return func(ctx context.Context) []Finding {
		t := now()
		if t.Unix() < made {
			return found("clock", Wrong, "early", nil, "Time", t.UTC().Format(time.RFC3339))
		}
		if winter, summer := offset(2027, time.January), offset(2027, time.July); winter != 3600 || summer != 7200 {
			return found("clock", Wrong, "zone", nil)
		}
		if last, err := newest(ctx); err == nil && last.Sub(t) > time.Minute {
			return found("clock", Wrong, "back", nil, "Minutes", int(last.Sub(t).Minutes()))
		}
		if d, err := fileDifference(folder, now); err == nil && d.Abs() > fileOff {
			return found("clock", Warn, "file", nil, "Seconds", int(d.Abs().Seconds()))
		}
		return found("clock", OK, "right", nil)
	}
}

func offset(year int, month time.Month) int {
	_, seconds := time.Date(year, month, 15, 12, 0, 0, 0, i18n.Zone()).Zone()
	return seconds
}

func fileDifference(folder string, now func() time.Time) (time.Duration, error) {
	f, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	info, err := f.Stat()
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	return now().Sub(info.ModTime()), nil
}

// Keys looks at the key file: that it belongs to the database was checked at
// the start already. file is empty when the key comes from the environment.
// known is the list of fingerprints.
func Keys(file, known string) Check {
	return func(context.Context) []Finding {
		if file == "" {
			return found("keys", OK, "environment", nil, "Known", known)
		}
		info, err := os.Stat(file)
		switch {
		case err != nil:
			return found("keys", Wrong, "gone", err, "File", file)
		case info.Mode().Perm()&0o077 != 0:
			return found("keys", Wrong, "open", nil, "File", file)
		}
		if folder, err := os.Stat(filepath.Dir(file)); err == nil && folder.Mode().Perm()&0o022 != 0 {
			return found("keys", Warn, "folder", nil, "Folder", filepath.Dir(file))
		}
		return found("keys", OK, "fits", nil, "Known", known)
	}
}
