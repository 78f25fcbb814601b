package handbook

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ambassadeur/internal/i18n"
)

// Check loads a folder and says what is wrong with it or, when nothing is,
// what it holds. It is the command "handbook check".
func Check(folder string, out io.Writer) error {
	c, p, err := Load(os.DirFS(folder))
	if err != nil {
		return err
	}
	x, err := Compile(c, p)
	if err != nil {
		return err
	}
	ideas := 0
	for _, piece := range x.pieces {
		if piece.Kind == KindIdea {
			ideas++
		}
	}
	_, err = fmt.Fprintf(out, "%s is in order: edition %d, %d chapters, %d ideas, %d cards, %d guides, %d helpers.\nhash %s\n",
		folder, c.Book.Edition.Number, len(c.Chapters), ideas, len(c.Cards.Cards), len(c.Guides), len(c.Helpers), x.Hash())
	if missing := x.Missing(); err == nil && len(missing) > 0 {
		_, err = fmt.Fprintf(out, "no piece carries these policy items: %v\n", missing)
	}
	return err
}

// PrintChanges writes a change list, one sentence a line.
func PrintChanges(changes []Change, lang i18n.Lang, out io.Writer) error {
	p := i18n.For(lang)
	if len(changes) == 0 {
		_, err := fmt.Fprintln(out, p.T("edition.change.none"))
		return err
	}
	for _, c := range changes {
		if _, err := fmt.Fprintln(out, c.Words(p)); err != nil {
			return err
		}
	}
	return nil
}

// ExportTo writes a content and its projections into a folder that is new or
// empty: it never mixes with files that are there.
func ExportTo(folder string, c *Content, p *Projection) error {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("export: %s is not empty; name a new folder", folder)
	}
	return Export(c, p, func(name string, data []byte) error {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o644)
	})
}
