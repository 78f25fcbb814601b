package handbook_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ambassadeur/internal/handbook"
)

// TestHostileFiles holds the bounds of what the loader reads.
func TestHostileFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	for name, c := range map[string]struct{ data, want string }{
		"too large":       {strings.Repeat("# x\n", 300_000), "larger than"},
		"not UTF-8":       {"status: proposal\ncards: \xff\n", "cards.yaml:2: not valid UTF-8"},
		"alias bomb":      {bomb, "anchors and aliases"},
		"deep flow":       {strings.Repeat("[", 100_000), "brackets"},
		"deep flow maps":  {strings.Repeat("{a: ", 100_000), "brackets"},
		"deep list":       {strings.Repeat("- ", 100_000) + "x\n", "nested too deep"},
		"deep indent":     {stairs(400), "nested too deep"},
		"deep but short":  {stairs(60), "nested too deep"},
		"control":         {"status: \"a\x00b\"\n", "control character"},
		"many values":     {"status: [" + strings.Repeat("a,", 300_000) + "a]\n", "too many values"},
		"many lines":      {"cards:\n" + strings.Repeat("- a\n", 100_000), "too many values"},
		"merge key":       {"<<: { a: b }\n", "anchors and other keys"},
		"complex key":     {"? [a, b]\n: c\n", "not YAML"},
		"empty":           {"", "the file is empty"},
		"comment only":    {"# nothing\n", "the file is empty"},
		"windows newline": {"status: proposal\r\nitems: []\r\nwrong: 1\r\n", "cards.yaml:3: unknown key"},
	} {
		t.Run(name, func(t *testing.T) {
			files := small(t)
			files["cards.yaml"] = &fstest.MapFile{Data: []byte(c.data)}
			start := time.Now()
			_, _, err := handbook.Load(files)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("err = %v, want %q in it", err, c.want)
			}
			if took := time.Since(start); took > time.Minute { // a second in truth; a busy machine is no failure
				t.Errorf("took %s", took)
			}
		})
	}
}

func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestTooManyFiles(t *testing.T) {
	files := small(t)
	for i := range 501 {
		files[fmt.Sprintf("guides/g%d.yaml", i)] = &fstest.MapFile{Data: []byte("id: x\n")}
	}
	if _, _, err := handbook.Load(files); err == nil || !strings.Contains(err.Error(), "more than 500 files") {
		t.Errorf("err = %v", err)
	}
}

func TestProblemsAreCapped(t *testing.T) {
	files := small(t)
	var b strings.Builder
	for i := range 80 {
		fmt.Fprintf(&b, "wrong%d: x\n", i)
	}
	files["cards.yaml"] = &fstest.MapFile{Data: []byte(b.String())}
	_, _, err := handbook.Load(files)
	var p *handbook.Problems
	if !errors.As(err, &p) || len(p.List) != 50 || p.More < 30 {
		t.Fatalf("err = %v", err)
	}
	if !strings.HasSuffix(p.Error(), fmt.Sprintf("\nand %d more", p.More)) {
		t.Errorf("last line of %q", p.Error())
	}
}

// FuzzLoad puts anything in one file of a whole handbook: the loader answers
// with problems or with a content that compiles and keeps its hash.
func FuzzLoad(f *testing.F) {
	names := []string{"handbook.yaml", "cards.yaml", "chapters/1-start.yaml", "helpers/mag-dit.yaml", "projection/functions.yaml", "items.yaml"}
	base := small(f)
	for i, name := range names {
		f.Add(i, base[name].Data)
	}
	for i, s := range []string{"", "a", "- - -", "a: &x b\nc: *x\n", "? a\n: b\n", "a: |\n  b\n c\n", "\"", "'", "[", "{", "!!binary x", "%YAML 1.2\n---\na: b\n", "a: >-\n\n\n", "\xef\xbb\xbfid: x", "a:\n- b\n  - c\n", "<<: *a", "id: [*a]\n", "start: wie\nquestions: [{id: wie, answers: [{next: wie}]}]"} {
		f.Add(i, []byte(s))
	}
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		files := small(t)
		name := names[uint(which)%uint(len(names))]
		files[name] = &fstest.MapFile{Data: data}
		c, p, err := handbook.Load(files)
		if err != nil {
			var problems *handbook.Problems
			if !errors.As(err, &problems) || len(problems.List) == 0 || len(problems.List) > 50 {
				t.Fatalf("err = %v", err)
			}
			return
		}
		x, err := handbook.Compile(c, p)
		if err != nil {
			t.Fatalf("loads and does not compile: %v", err)
		}
		b, _ := handbook.Canonical(c)
		again, err := handbook.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if hash, _ := handbook.Hash(again); hash != x.Hash() {
			t.Fatal("the hash changed on the way")
		}
	})
}
