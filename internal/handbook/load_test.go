package handbook_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"ambassadeur/internal/handbook"
)

var update = flag.Bool("update", false, "write what is said into the golden files")

// small returns the small handbook as a folder, to be changed by a test.
func small(t testing.TB) fstest.MapFS {
	t.Helper()
	a, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range a.Files {
		out[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return out
}

// load loads a folder that must be in order.
func load(t testing.TB, fsys fs.FS) (*handbook.Content, *handbook.Projection) {
	t.Helper()
	c, p, err := handbook.Load(fsys)
	if err != nil {
		t.Fatalf("load:\n%v", err)
	}
	return c, p
}

func TestSmallHandbook(t *testing.T) {
	c, p := load(t, small(t))
	if got := c.Chapters[0].Sections[0].Ideas[0].Text.NL; got != "Praat in een appgroep **nooit** over cliënten. Lees ook [waarom](chapter:start)." {
		t.Errorf("text = %q", got)
	}
	if p.Contacts.Phone != "012-3456789" {
		t.Errorf("phone = %q", p.Contacts.Phone)
	}
}

type problemCase struct {
	name  string
	lines []string // what is changed, as written
	want  []string
}

func TestProblems(t *testing.T) {
	const golden = "testdata/problems.txt"
	raw, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	head, cases := parseProblems(string(raw))
	var out strings.Builder
	out.WriteString(head)
	for _, c := range cases {
		files := small(t)
		apply(t, files, c)
		_, _, err := handbook.Load(files)
		var problems *handbook.Problems
		if !errors.As(err, &problems) {
			t.Errorf("%s: err = %v, want *Problems", c.name, err)
			continue
		}
		got := strings.Split(problems.Error(), "\n")
		if !*update && strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\ngot\n\t%s\nwant\n\t%s", c.name, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
		fmt.Fprintf(&out, "== %s\n%s\n! %s\n\n", c.name, strings.Join(c.lines, "\n"), strings.Join(got, "\n! "))
	}
	if *update {
		if err := os.WriteFile(golden, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func parseProblems(s string) (head string, cases []problemCase) {
	blocks := strings.Split(s, "\n== ")
	for _, b := range blocks[1:] {
		var c problemCase
		for i, line := range strings.Split(strings.TrimRight(b, "\n"), "\n") {
			want, isWant := strings.CutPrefix(line, "! ")
			switch {
			case i == 0:
				c.name = line
			case isWant:
				c.want = append(c.want, want)
			case line != "":
				c.lines = append(c.lines, line)
			}
		}
		cases = append(cases, c)
	}
	return blocks[0] + "\n", cases
}

func apply(t *testing.T, files fstest.MapFS, c problemCase) {
	t.Helper()
	file, old := "", ""
	replaced := true
	for _, line := range c.lines {
		op, rest := line[:1], strings.TrimPrefix(line[1:], " ")
		switch op {
		case "@":
			file = rest
		case "x":
			delete(files, file)
		case "=":
			if files[file] == nil || old != "=" {
				files[file] = &fstest.MapFile{}
			}
			old = "="
			files[file].Data = append(files[file].Data, rest+"\n"...)
		case "-":
			if !strings.Contains(string(files[file].Data), rest+"\n") {
				t.Fatalf("%s: %s has no line %q", c.name, file, rest)
			}
			old, replaced = rest+"\n", false
		case "+":
			from := old
			if replaced {
				from = "\x00" // a further line, behind the one before
				files[file] = &fstest.MapFile{Data: []byte(strings.Replace(string(files[file].Data), old, old+rest+"\n", 1))}
			}
			files[file] = &fstest.MapFile{Data: []byte(strings.Replace(string(files[file].Data), from, rest+"\n", 1))}
			old, replaced = rest+"\n", true
		}
	}
}
