package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// output gathers built files in memory, so that a failed run leaves the old
// folder as it was.
type output struct {
	files map[string][]byte // by file name in dist
	names map[string]string // asset name → file name in dist
}

func newOutput() *output {
	return &output{files: map[string][]byte{}, names: map[string]string{}}
}

// addAs adds a file that already has a hashed name.
func (o *output) addAs(name, file string, body []byte) {
	o.names[name] = file
	o.files[file] = body
	switch filepath.Ext(file) {
	case ".css", ".js", ".svg":
		o.files[file+".gz"] = compress(body)
	}
}

// add adds a file and puts a hash of its content in its name.
func (o *output) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := base32.StdEncoding.EncodeToString(sum[:5])
	ext := filepath.Ext(name)
	o.addAs(name, strings.TrimSuffix(name, ext)+"-"+hash+ext, body)
}

// write replaces the content of folder by the gathered files.
func (o *output) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(o.names, "", "  ")
	if err != nil {
		return err
	}
	o.files["manifest.json"] = append(manifest, '\n')
	old, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range old {
		if _, keep := o.files[entry.Name()]; !keep && entry.Name() != ".gitkeep" {
			if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
				return fmt.Errorf("remove an old file: %w", err)
			}
		}
	}
	for file, body := range o.files {
		if err := os.WriteFile(filepath.Join(folder, file), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compress returns body in gzip form. Writing to memory cannot fail, and the
// level is a constant that gzip knows.
func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	return buf.Bytes()
}
