package officepages

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"path"
	"sort"
	"strings"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
)

// What an upload may hold.
const (
	maxPacked   = 5 << 20
	maxUnpacked = 20 << 20
	maxEntries  = 1_000
	maxBody     = 32 << 20 // read and thrown away, so that the answer arrives
	maxValue    = 64 << 10
	maxParts    = 20
)

// sent is a form with a file.
type sent struct {
	values map[string]string
	file   []byte
	has    bool
}

// readSent reads a form with a file, in bounded memory. A file that is too
// large is a fault on the field "file"; the values are there all the same.
func readSent(w http.ResponseWriter, r *http.Request) (sent, error) {
	s := sent{values: map[string]string{}}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	parts, err := r.MultipartReader()
	if err != nil {
		return s, fault.NewInvalid("fault.form").Because(err)
	}
	var large bool
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			if large {
				return s, fault.NewInvalid("office.file-too-large").On("file")
			}
			if !s.has {
				return s, fault.NewInvalid("office.file-missing").On("file")
			}
			return s, nil
		}
		if err != nil {
			return s, fault.NewInvalid("fault.form").Because(err)
		}
		if large, err = s.take(part, large); err != nil {
			return s, fault.NewInvalid("fault.form").Because(err)
		}
	}
	return s, fault.NewInvalid("fault.form")
}

func (s *sent) take(part *multipart.Part, large bool) (bool, error) {
	if part.FormName() != "file" {
		b, err := io.ReadAll(io.LimitReader(part, maxValue+1))
		if err == nil && len(b) > maxValue {
			err = errors.New("a field is too long")
		}
		s.values[part.FormName()] = string(b)
		return large, err
	}
	b, err := io.ReadAll(io.LimitReader(part, maxPacked+1))
	if err != nil {
		return large, err
	}
	if len(b) > maxPacked {
		_, err := io.Copy(io.Discard, part)
		return true, err
	}
	s.file, s.has = b, len(b) > 0
	return large, nil
}

// unpack gives the YAML files of a packed folder, by path.
// It reads nothing outside of the file and never more than maxUnpacked bytes,
// whatever the file says about itself. Names that lead out of the folder, and
// anything that is neither a file nor a folder, are refused.
func unpack(packed []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fault.NewInvalid("office.file-not-zip").On("file")
	}
	if len(z.File) > maxEntries {
		return nil, fault.NewInvalid("office.file-many", "Max", maxEntries).On("file")
	}
	files := map[string][]byte{}
	left := int64(maxUnpacked)
	for _, f := range z.File {
		name, ok := cleanName(f)
		if !ok {
			return nil, fault.NewInvalid("office.file-path").On("file")
		}
		if name == "" {
			continue
		}
		b, err := readEntry(f, left)
		if err != nil {
			return nil, fault.NewInvalid("office.file-not-zip").On("file")
		}
		if left -= int64(len(b)); left < 0 {
			return nil, fault.NewInvalid("office.file-unpacked").On("file")
		}
		if _, twice := files[name]; twice {
			return nil, fault.NewInvalid("office.file-path").On("file")
		}
		files[name] = b
	}
	if len(files) == 0 {
		return nil, fault.NewInvalid("office.file-empty").On("file")
	}
	return withoutTop(files), nil
}

// cleanName checks the name of an entry. It is empty for what is skipped:
// folders, and files that are not part of a handbook.
func cleanName(f *zip.File) (string, bool) {
	name := strings.TrimSuffix(f.Name, "/")
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00") || len(name) > 300 {
		return "", false
	}
	mode := f.Mode()
	if !mode.IsRegular() && !mode.IsDir() {
		return "", false
	}
	hidden := strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/")
	if ext := path.Ext(name); mode.IsDir() || f.Name != name || hidden || ext != ".yaml" && ext != ".yml" {
		return "", true
	}
	return name, true
}

// readEntry unpacks at most one byte more than there is room for.
func readEntry(f *zip.File, left int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(in, left+1))
	return b, errors.Join(err, in.Close())
}

// withoutTop takes away the folder that everything stands in, as when
// somebody packs the folder "sgl" and not what is in it. The folder of the
// tables stays: it has a meaning.
func withoutTop(files map[string][]byte) map[string][]byte {
	top := ""
	for name := range files {
		first, _, ok := strings.Cut(name, "/")
		if !ok || top != "" && first != top {
			return files
		}
		top = first
	}
	if top == "projection" {
		return files
	}
	out := make(map[string][]byte, len(files))
	for name, b := range files {
		out[strings.TrimPrefix(name, top+"/")] = b
	}
	return out
}

// folderOf makes a file system of files, by way of a zip in memory, which is
// one.
func folderOf(files map[string][]byte) (fs.FS, error) {
	packed, err := pack(files)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
}

// pack makes a zip of files, in order of name.
func pack(files map[string][]byte) ([]byte, error) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range names {
		f, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// problemsIn returns what the loader found wrong, if err is that.
func problemsIn(err error) (*handbook.Problems, bool) {
	var p *handbook.Problems
	ok := errors.As(err, &p)
	return p, ok
}
